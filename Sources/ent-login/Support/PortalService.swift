internal import EnterpriseAuth
internal import EnterpriseAuthPortal
internal import HostSystem
internal import LocalSocket
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// The portal while it runs: its doors, what goes on behind them, and how all of it ends.
struct PortalService {
    private let configuration: LoginConfiguration
    private let manager: LoginManager
    private let server: PortalServer
    private let reloader: PortalReloader
    private let notifier: ServiceNotifier?
    private let logger: Logger

    /// Puts it together; nothing is opened yet.
    /// - Parameters:
    ///   - setup: What is served.
    ///   - manager: Who decides about people.
    ///   - sockets: What the service manager has opened already.
    ///   - file: Where the configuration was read from.
    ///   - logger: Takes a line about the portal's doings.
    init(_ setup: PortalSetup, manager: LoginManager, sockets: ListeningSockets, file: String, logger: Logger) {
        let notifier = ServiceNotifier()
        let server = PortalServer(
            setup.portal,
            certificate: setup.certificate,
            sockets: sockets,
            logger: logger
        ) { listeners in
            let ports = listeners.map { "\($0.isPublic ? "public" : "internal") port \($0.port)" }.sorted()
            logger.notice("the portal is ready", metadata: ["listeners": "\(ports.joined(separator: ", "))"])
            try? notifier?.send("READY=1\nSTATUS=serving")
        }
        reloader = PortalReloader(setup, manager: manager, server: server, notifier: notifier, logger: logger) {
            () throws(Stop) in try GlobalOptions.load(file, checkingFiles: true)
        }
        configuration = setup.assembly.configuration
        (self.manager, self.server, self.notifier, self.logger) = (manager, server, notifier, logger)
    }

    /// Serves until it is told to stop, or cannot go on.
    /// - Parameter hangUps: The signals at which the configuration is read again.
    /// - Returns: The parts that were in use last.
    /// - Throws: `Stop` if it cannot begin or go on.
    func run(hangUps: UnixSignalsSequence) async throws -> LoginAssembly {
        let result: Result<Void, any Error>
        do {
            try await serve(hangUps)
            result = .success(())
        } catch {
            result = .failure(Self.stop(error))
        }
        await reloader.finish()
        let assembly = await reloader.setup.assembly
        if case .failure = result { await assembly.shutdown() }
        try result.get()
        return assembly
    }

    private func serve(_ hangUps: UnixSignalsSequence) async throws {
        // They end from the last to the first.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: Upkeep(manager: manager))]
        if let watchdog = Watchdog(notifier, logger: logger) { services.append(.init(service: watchdog)) }
        if let socket = try await localSocket() { services.append(.init(service: LocalDoor(server: socket))) }
        services.append(.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup))
        services.append(.init(service: HangUp(signals: hangUps, reloader: reloader)))
        services.append(.init(service: Farewell(notifier: notifier)))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    /// Opens the local socket, so that what is in its way is told before the portal is ready.
    private func localSocket() async throws -> LocalSocketServer? {
        guard let path = configuration.localSocketPath else { return nil }
        let server = LocalSocketServer(manager: manager, path: path) { [reloader] in
            await reloader.reload()
        }
        do throws(LocalSocketError) {
            try await server.open()
        } catch {
            throw Stop(error)
        }
        return server
    }

    private static func stop(_ error: any Error) -> Stop {
        switch error {
        case let stop as Stop: return stop
        case let problem as ListenProblem where problem.isInUse:
            return Stop(Answer(.unavailable, outcome: "unavailable", note: problem.description))
        case let problem as ListenProblem: return .misconfigured(problem.description)
        case let problem as LocalSocketError: return Stop(problem)
        default: return Stop(Answer(.unavailable, outcome: "unavailable", note: "The portal cannot go on: \(error)"))
        }
    }
}
