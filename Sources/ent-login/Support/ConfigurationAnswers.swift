internal import EnterpriseAuth
internal import HostSystem
internal import Logging
internal import Synchronization

/// One problem of a configuration file, for programs.
struct ProblemJSON: Encodable, Sendable {
    var severity: String
    var file: String
    var line: Int
    var column: Int
    var key: String
    var message: String
    var fix: String

    init(_ problem: ConfigurationProblem) {
        severity = problem.severity.rawValue
        (file, line, column) = (problem.position.file, problem.position.line, problem.position.column)
        (key, message, fix) = (problem.key, problem.message, problem.fix)
    }
}

/// The JSON object of an answer about a configuration file.
struct ProblemsJSON: Encodable, Sendable {
    var outcome: String
    var problems: [ProblemJSON]
}

extension Stop {
    /// What this process lacks, or what is wrong outside of the configuration file.
    static func misconfigured(_ message: String) -> Stop {
        Stop(Answer(.configuration, outcome: "misconfigured", note: message))
    }

    /// A configuration file that cannot be used.
    init(_ error: ConfigurationError) {
        let notes = error.problems.map(Answer.Line.init)
        let json = ProblemsJSON(outcome: "misconfigured", problems: error.problems.map(ProblemJSON.init))
        self.init(Answer(status: .configuration, notes: notes, json: json))
    }
}

extension Answer.Line {
    /// One problem a line, as compilers write them.
    init(_ problem: ConfigurationProblem) {
        let role: Role =
            switch problem.severity {
            case .error: .bad
            case .warning: .doubtful
            }
        self.init(problem.description, role)
    }
}

extension GlobalOptions {
    /// Reads the configuration file; what is doubtful about it is for `check` to say, and for a log that wants all.
    /// - Returns: The configuration.
    /// - Throws: `Stop` with every problem if it cannot be used.
    func loadConfiguration() throws -> LoginConfiguration {
        let loaded = try load(checkingFiles: true)
        let logger = Logger(label: "ent-login.configuration")
        for warning in loaded.warnings { logger.info("\(warning)") }
        return loaded.configuration
    }

    /// Reads the configuration file for a command that a running portal may answer.
    ///
    /// The files that it names are the portal's then: people of the host need not be able to read its secrets.
    /// - Returns: The configuration; `Counterpart` looks at the files if there is no portal after all.
    /// - Throws: `Stop` with every problem if it cannot be used.
    func loadConfigurationForPortal() throws -> LoginConfiguration {
        let configuration = try load(checkingFiles: false).configuration
        if let path = configuration.localSocketPath, (try? HostFile.facts(of: path).kind) == .socket {
            return configuration
        }
        return try loadConfiguration()
    }

    /// Reads the configuration file.
    /// - Parameter checkingFiles: Whether the files that it names are looked at.
    /// - Returns: The configuration with its warnings.
    /// - Throws: `Stop` with every problem if it cannot be used.
    func load(checkingFiles: Bool) throws(Stop) -> LoadedConfiguration {
        try Self.load(config, checkingFiles: checkingFiles)
    }

    /// Reads a configuration file.
    /// - Parameters:
    ///   - path: The file.
    ///   - checkingFiles: Whether the files that it names are looked at.
    /// - Returns: The configuration with its warnings.
    /// - Throws: `Stop` with every problem if it cannot be used.
    static func load(_ path: String, checkingFiles: Bool) throws(Stop) -> LoadedConfiguration {
        do throws(ConfigurationError) {
            let loaded = try ConfigurationLoader(checkingFiles: checkingFiles).load(path: path)
            LineLogHandler.format.withLock { $0 = loaded.configuration.log.format == .json ? .json : .text }
            return loaded
        } catch {
            throw Stop(error)
        }
    }
}
