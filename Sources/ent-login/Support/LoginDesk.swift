internal import EnterpriseAuth
internal import EnterpriseAuthSQLite
internal import LocalSocket
internal import Logging

/// The login manager with everything that it needs, for the length of one command.
struct LoginDesk {
    let configuration: LoginConfiguration
    let assembly: LoginAssembly
    let manager: LoginManager
    /// Answers what a portal would be asked.
    let conversation: LocalConversation
    private let store: CommandStore
    private let auditFile: JSONLinesAuditLog?

    /// Serves one command, and closes the desk whatever happens.
    /// - Parameter body: What the command wants.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    func serve(_ body: (LoginDesk) async throws -> Answer) async throws -> Answer {
        let trace = DecisionTrace()
        let result: Result<Answer, any Error>
        do {
            result = .success(try await DecisionTrace.$current.withValue(trace) { try await body(self) })
        } catch {
            result = .failure(error)
        }
        await close()
        let logger = Logger(label: "ent-login.steps")
        for step in trace.steps { logger.debug("\(step.step): \(step.result)", metadata: step.metadata) }
        return try result.get()
    }

    /// Opens the desk.
    /// - Parameter configuration: What to open it with.
    /// - Returns: The desk; `serve(_:)` closes it.
    /// - Throws: `Stop` if it cannot be opened.
    static func open(_ configuration: LoginConfiguration) async throws -> LoginDesk {
        let assembly = try GlobalOptions.assemble(configuration)
        let auditFile = try openAuditFile(configuration.audit)
        let store = try await openStore(configuration)
        let manager = LoginManager(assembly, store: store, auditFile: auditFile)
        return LoginDesk(
            configuration: configuration,
            assembly: assembly,
            manager: manager,
            conversation: LocalConversation(manager, caller: .ownerOfTheStore),
            store: store,
            auditFile: auditFile
        )
    }

    /// Lets other commands have the session store until the manager first needs it.
    func restStore() async {
        await store.rest()
    }

    /// Tells the store of every use and closes it, and ends connections and workers.
    private func close() async {
        await manager.settle()
        await manager.close()
        await assembly.shutdown()
        await auditFile?.flush()
    }

    static func openAuditFile(_ audit: AuditConfiguration) throws -> JSONLinesAuditLog? {
        guard let path = audit.file else { return nil }
        do {
            return try JSONLinesAuditLog(path: path)
        } catch {
            throw Stop.misconfigured("The audit log cannot be written: \(error)")
        }
    }

    /// Opens the session store; while another command has it, waits for as long as that may take.
    private static func openStore(_ configuration: LoginConfiguration) async throws -> CommandStore {
        guard case .sqlite(let path) = configuration.session.store else {
            let fix =
                switch (configuration.localSocketPath, configuration.portal) {
                case (let path?, _): "start the portal, which answers at \(path), or name"
                case (nil, .some): "give portal.socket a path, or name"
                case (nil, nil): "name"
                }
            throw Stop.misconfigured(
                "Sessions are kept in memory (session.store), so a command has none: \(fix) a file, as in sqlite:/PATH."
            )
        }
        do {
            return try await CommandStore.open(path, patience: configuration.login.deadline)
        } catch let error as SQLiteStoreOpenError {
            if case .inUse = error, let socket = configuration.localSocketPath {
                let note = "\(error), and no portal answers at \(socket)"
                throw Stop(Answer(.unavailable, outcome: "unavailable", note: note))
            }
            throw Stop(error)
        }
    }
}

extension Stop {
    /// The session store cannot be opened.
    init(_ error: SQLiteStoreOpenError) {
        switch error {
        case .inUse, .failed: self.init(Answer(.unavailable, outcome: "unavailable", note: "\(error)"))
        case .notPermitted, .openToOthers, .directoryOpenToOthers, .newerVersion: self = .misconfigured("\(error)")
        }
    }
}

extension LoginManager {
    /// The manager over a configuration's parts; without a file the audit log goes where the log goes.
    convenience init(_ assembly: LoginAssembly, store: (any SessionStore)?, auditFile: JSONLinesAuditLog?) {
        self.init(
            configuration: assembly.configuration,
            chain: assembly.providers,
            judge: assembly.activePolicy,
            store: store,
            auditLogs: [auditFile ?? LoggerAuditLog(Logger(label: "ent-login.audit")) as any AuditLog]
        )
    }
}

extension GlobalOptions {
    /// Puts the parts of a configuration together.
    /// - Parameter configuration: The configuration.
    /// - Returns: The parts; nothing is asked of them yet.
    /// - Throws: `Stop` with everything that cannot be built.
    static func assemble(_ configuration: LoginConfiguration) throws -> LoginAssembly {
        do throws(StartFailures) {
            return try LoginAssembly(configuration)
        } catch {
            throw Stop(error.failures)
        }
    }
}

extension DecisionStep {
    /// What is known of the step beside its name and result; there is no password in any request.
    fileprivate var metadata: Logger.Metadata {
        let known = ["target": target, "request": request, "detail": detail, "code": code.map { "\($0)" } ?? ""]
        return known.filter { !$0.value.isEmpty }.mapValues { .string($0) }
    }
}
