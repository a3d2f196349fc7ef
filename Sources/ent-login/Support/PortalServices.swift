internal import EnterpriseAuth
internal import EnterpriseAuthPortal
internal import HostSystem
internal import LocalSocket
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// The socket for the programs of this host; what has been asked there is answered before it ends.
struct LocalDoor: Service {
    let server: LocalSocketServer

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await server.run() }
    }
}

/// The manager's background work; ends after the listeners.
struct Upkeep: Service {
    let manager: LoginManager

    func run() async throws {
        await cancelWhenGracefulShutdown { await manager.run() }
    }
}

/// Reads the configuration again at each SIGHUP.
struct HangUp: Service {
    let signals: UnixSignalsSequence
    let reloader: PortalReloader

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in signals { _ = await reloader.reload() }
        }
    }
}

/// Tells the service manager that the portal stops, before it does.
struct Farewell: Service {
    let notifier: ServiceNotifier?

    func run() async throws {
        try? await gracefulShutdown()
        try? notifier?.send("STOPPING=1\nSTATUS=answering what is under way")
    }
}

/// Tells the service manager again and again that the portal is alive, and only while it is (sd_watchdog_enabled(3)).
///
/// Each time every thread that serves connections has to answer, and so has the pool that this runs on. Where one does
/// not, nothing is sent, and the service manager does what its unit says.
struct Watchdog: Service {
    private let period: Duration
    private let notifier: ServiceNotifier
    private let logger: Logger

    /// Makes the watchdog if the service manager wants one of this process.
    init?(
        _ notifier: ServiceNotifier?,
        logger: Logger,
        variable: (String) -> String? = HostEnvironment.text
    ) {
        guard let notifier, let text = variable("WATCHDOG_USEC"), let limit = UInt64(text), limit > 0 else {
            return nil
        }
        if let owner = variable("WATCHDOG_PID"), owner != String(HostEnvironment.processID) { return nil }
        // Two may get lost.
        period = .microseconds(Int64(clamping: limit / 3))
        (self.notifier, self.logger) = (notifier, logger)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await PortalServer.pulse()
                do {
                    try notifier.send("WATCHDOG=1")
                } catch {
                    logger.warning("the service manager cannot be told", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: period)
            }
        }
    }
}
