internal import EnterpriseAuth
internal import EnterpriseAuthPortal
internal import EnterpriseAuthSQLite
internal import HostSystem
internal import LocalSocket
internal import Logging
internal import Metrics
internal import ServiceLifecycle
internal import UnixSignals

/// Everything that a portal needs, from the first look at its parts to the last write to the store.
enum PortalDesk {
    /// Opens everything, serves, and closes everything.
    /// - Parameters:
    ///   - configuration: What to serve; `[portal]` is there.
    ///   - logger: Takes a line about the portal's doings.
    /// - Throws: `Stop` if it cannot begin.
    static func serve(_ configuration: LoginConfiguration, logger: Logger) async throws {
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(metrics)
        let assembly = try GlobalOptions.assemble(configuration)
        let auditFile = try LoginDesk.openAuditFile(configuration.audit)
        let store = try await openStore(configuration)
        let manager = LoginManager(assembly, store: store, auditFile: auditFile)
        let result: Result<Void, any Error>
        do {
            try await start(assembly, logger)
            let key = try await key(manager)
            let parts = PortalParts(manager: manager, access: assembly.accessPolicy, key: key, metrics: metrics) {
                readiness(of: assembly)
            }
            let portal = try portal(parts, configuration)
            let socket = try await localSocket(manager, configuration)
            try await run(portal, manager, socket, logger)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await manager.close()
        await assembly.shutdown()
        await auditFile?.flush()
        try result.get()
    }

    private static func run(
        _ portal: Portal,
        _ manager: LoginManager,
        _ socket: LocalSocketServer?,
        _ logger: Logger
    ) async throws {
        let notifier = ServiceNotifier()
        let server = PortalServer(portal, logger: logger) { listeners in
            let ports = listeners.map { "\($0.isPublic ? "public" : "internal") port \($0.port)" }.sorted()
            logger.notice("the portal is ready", metadata: ["listeners": "\(ports.joined(separator: ", "))"])
            try? notifier?.send("READY=1\nSTATUS=serving")
        }
        // They end from the last to the first.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: Upkeep(manager: manager))]
        if let socket { services.append(.init(service: LocalDoor(server: socket))) }
        services.append(.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch {
            throw Stop(Answer(.unavailable, outcome: "unavailable", note: "The portal cannot go on: \(error)"))
        }
        try? notifier?.send("STOPPING=1")
    }

    /// Looks whether everything can work; what waiting may help with keeps nobody from starting.
    private static func start(_ assembly: LoginAssembly, _ logger: Logger) async throws {
        let deadline = ContinuousClock.now + assembly.configuration.login.deadline
        let failures = await assembly.start(deadline: deadline) + assembly.accessPolicy.start(deadline: deadline)
        let mistakes = failures.filter { !$0.isTemporary }
        guard mistakes.isEmpty else { throw Stop(mistakes) }
        for failure in failures {
            logger.error("something does not answer yet", metadata: ["failure": "\(failure)"])
        }
    }

    private static func key(_ manager: LoginManager) async throws -> SecretBytes {
        do throws(Outage) {
            return try await manager.secret(named: "web forms")
        } catch {
            throw Stop.unavailable(error)
        }
    }

    private static func portal(_ parts: PortalParts, _ configuration: LoginConfiguration) throws -> Portal {
        do throws(PortalProblem) {
            guard let settings = configuration.portal else { throw PortalProblem("There is no [portal].") }
            let appearance = try PortalAppearance(reading: settings)
            return try Portal(parts, appearance: appearance, configuration: configuration)
        } catch {
            throw Stop.misconfigured("\(error)")
        }
    }

    private static func readiness(of assembly: LoginAssembly) -> PortalReadiness {
        let parts = assembly.directories.values.map { directory in
            let servers = directory.serversUp
            return PortalReadiness.Part(name: directory.name, isReady: servers.values.contains(true), servers: servers)
        }
        return PortalReadiness(directories: parts.sorted { $0.name < $1.name })
    }

    private static func openStore(_ configuration: LoginConfiguration) async throws -> (any SessionStore)? {
        guard case .sqlite(let path) = configuration.session.store else { return nil }
        do {
            return try await SQLiteSessionStore.open(path)
        } catch {
            throw Stop(error)
        }
    }

    /// Opens the local socket, so that what is in its way is told before the portal is ready.
    private static func localSocket(
        _ manager: LoginManager,
        _ configuration: LoginConfiguration
    ) async throws -> LocalSocketServer? {
        guard let path = configuration.localSocketPath else { return nil }
        let server = LocalSocketServer(manager: manager, path: path, login: configuration.login) {
            .misconfigured(problems: ["The portal of this version cannot read its configuration again: restart it."])
        }
        do throws(LocalSocketError) {
            try await server.open()
        } catch {
            throw Stop(error)
        }
        return server
    }

    /// The socket for the programs of this host; what has been asked there is answered before it ends.
    private struct LocalDoor: Service {
        let server: LocalSocketServer

        func run() async throws {
            try await cancelWhenGracefulShutdown { try await server.run() }
        }
    }

    /// The manager's background work; ends after the listeners.
    private struct Upkeep: Service {
        let manager: LoginManager

        func run() async throws {
            await cancelWhenGracefulShutdown { await manager.run() }
        }
    }
}
