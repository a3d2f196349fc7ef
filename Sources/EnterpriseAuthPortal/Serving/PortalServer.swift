internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle
internal import Synchronization

/// Serves a portal until it is told to stop: browsers on one address, proxies and monitoring on another.
///
/// Requests that are under way when it stops are answered first.
public struct PortalServer: Service {
    /// Where a listener has begun to listen.
    public struct Listener: Sendable, Hashable {
        /// Whether browsers connect there.
        public let isPublic: Bool
        /// The port that the system has given, where port 0 was asked for.
        public let port: UInt16
    }

    /// How long a connection may be silent.
    private static let idleTimeout: TimeAmount = .seconds(75)

    private let portal: Portal
    private let onListening: @Sendable ([Listener]) async -> Void
    private let logger: Logger

    /// Prepares to serve.
    /// - Parameters:
    ///   - portal: What to serve.
    ///   - logger: Takes a line about the listeners' doings.
    ///   - onListening: Called once, when all listeners listen.
    public init(
        _ portal: Portal,
        logger: Logger,
        onListening: @escaping @Sendable ([Listener]) async -> Void = { _ in }
    ) {
        self.portal = portal
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown is asked for.
    /// - Throws: What keeps a listener from listening.
    public func run() async throws {
        let settings = portal.settings
        let count = settings.internalListen == nil ? 1 : 2
        let gathering = Gathering(count: count, onListening)
        var services: [any Service] = [
            application(portal.publicRouter(), settings.listen) { await gathering.add(isPublic: true, $0) }
        ]
        if let inner = settings.internalListen {
            services.append(application(portal.internalRouter(), inner) { await gathering.add(isPublic: false, $0) })
        }
        try await ServiceGroup(services: services, logger: logger).run()
    }

    private func application(
        _ router: Router<BasicLoginRequestContext>,
        _ address: ListenAddress,
        _ onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> some Service {
        // Proxies pass on what browsers send; more than this is no request of a person's.
        let limits = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: 32_768,
            maxHeaderListSize: 65_536,
            maxHeaderFieldCount: 200
        )
        return Application(
            router: router,
            server: .http1(
                configuration: .init(idleTimeout: Self.idleTimeout, httpDecoderConfiguration: limits)
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: Int(address.port)),
                serverName: nil,
                backlog: 1024
            ),
            onServerRunning: onRunning,
            logger: logger
        )
    }

    /// Waits for all listeners to listen.
    private final class Gathering: Sendable {
        private let listeners = Mutex<[Listener]>([])
        private let count: Int
        private let done: @Sendable ([Listener]) async -> Void

        init(count: Int, _ done: @escaping @Sendable ([Listener]) async -> Void) {
            (self.count, self.done) = (count, done)
        }

        func add(isPublic: Bool, _ channel: any Channel) async {
            let port = UInt16(clamping: channel.localAddress?.port ?? 0)
            let all = listeners.withLock { listeners in
                listeners.append(Listener(isPublic: isPublic, port: port))
                return listeners.count == count ? listeners : nil
            }
            if let all { await done(all) }
        }
    }
}
