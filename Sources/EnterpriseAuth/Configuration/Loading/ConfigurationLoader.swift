internal import HostSystem
internal import TOMLReader

/// Reads a configuration file, and tells everything that is wrong with it at once.
///
/// ```swift
/// let loaded = try ConfigurationLoader().load(path: "/etc/ent-login/ent-login.toml")
/// for warning in loaded.warnings { print(warning) }
/// ```
public struct ConfigurationLoader: Sendable {
    /// Whether files that the configuration names are looked at: secrets, certificates, PAM stacks.
    ///
    /// Without it only the text is checked, which is right for a template or on another machine.
    public var checksFiles: Bool

    /// Makes a loader.
    /// - Parameter checkingFiles: Whether files that the configuration names are looked at.
    public init(checkingFiles: Bool = true) {
        checksFiles = checkingFiles
    }

    /// Reads a file.
    ///
    /// Blocks for as long as the file system takes. A file that everybody may write is refused: it decides who logs in.
    /// - Parameter path: The file.
    /// - Returns: The configuration, and what is doubtful about it.
    /// - Throws: ``ConfigurationError`` with every problem that was found.
    public func load(path: String) throws(ConfigurationError) -> LoadedConfiguration {
        let found: (bytes: [UInt8], facts: FileFacts)
        do {
            found = try HostFile.readWithFacts(path, limit: TOMLReader.maximumSize)
        } catch {
            let fix = error.isNotFound ? "`ent-login config example` prints a template" : "see that it can be read"
            throw ConfigurationError(problems: [Self.problem(of: path, "\(error.reason)", fix: fix)])
        }
        let loaded = Result { () throws(ConfigurationError) in try load(found.bytes, fileName: path) }
        guard found.facts.isOpenToChanges else { return try loaded.get() }
        var problems = [
            Self.problem(of: path, "everybody may change it, and so decide who logs in", fix: "chmod o-w \(path)")
        ]
        if case .failure(let error) = loaded { problems += error.problems }
        throw ConfigurationError(problems: problems)
    }

    /// A problem of the file as a whole.
    private static func problem(of path: String, _ message: String, fix: String) -> ConfigurationProblem {
        let position = ConfigurationPosition(file: path, line: 0, column: 0)
        return ConfigurationProblem(.error, at: position, key: "", message: message, fix: fix)
    }

    /// Reads a text.
    /// - Parameters:
    ///   - text: The text of a configuration file.
    ///   - fileName: What messages call it.
    /// - Returns: The configuration, and what is doubtful about it.
    /// - Throws: ``ConfigurationError`` with every problem that was found.
    public func load(text: String, fileName: String) throws(ConfigurationError) -> LoadedConfiguration {
        try load(Array(text.utf8), fileName: fileName)
    }

    private func load(_ bytes: [UInt8], fileName: String) throws(ConfigurationError) -> LoadedConfiguration {
        var context = DecodingContext(file: fileName)
        var configuration = ConfigurationSchema.root.defaults
        do {
            let table = try TOMLReader.read(bytes)
            ConfigurationSchema.root.read(table, at: "", into: &configuration, &context)
            settle(&configuration, context)
            ConfigurationChecks(configuration, checksFiles: checksFiles).run(&context)
        } catch {
            // One mistake in the syntax hides all that follows.
            context.error("", at: error.position, error.message, fix: "")
        }
        let problems = context.sortedProblems
        if context.hasErrors { throw ConfigurationError(problems: problems) }
        return LoadedConfiguration(configuration: configuration, warnings: problems)
    }

    // A short lifetime should not need two more lines to be allowed.
    private func settle(_ configuration: inout LoginConfiguration, _ context: DecodingContext) {
        let lifetime = configuration.session.lifetime
        if !context.isGiven("session.idle") {
            configuration.session.idle = min(configuration.session.idle, lifetime)
        }
        if !context.isGiven("session.fresh_for") {
            configuration.session.freshFor = min(configuration.session.freshFor, lifetime)
        }
    }
}

extension LoginConfiguration {
    /// Reads and checks a file.
    ///
    /// Warnings are dropped; `ConfigurationLoader` gives them.
    /// - Parameter path: The file.
    /// - Returns: The configuration.
    /// - Throws: ``ConfigurationError`` with every problem that was found.
    public static func load(from path: String) throws(ConfigurationError) -> LoginConfiguration {
        try ConfigurationLoader().load(path: path).configuration
    }
}
