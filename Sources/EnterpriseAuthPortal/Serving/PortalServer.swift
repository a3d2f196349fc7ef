internal import EnterpriseAuth
internal import HostSystem
internal import Hummingbird
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
internal import Synchronization

/// Serves a portal until it is told to stop: browsers on one address, proxies and monitoring on another.
///
/// Another portal can take the place of the one that is served; requests that are under way are answered by the one that
/// they came to, and connections stay. Requests that are under way when the server stops are answered first.
public final class PortalServer: Service {
    /// Where a listener has begun to listen.
    public struct Listener: Sendable, Hashable {
        /// Whether browsers connect there.
        public let isPublic: Bool
        /// The port that the system has given, where port 0 was asked for.
        public let port: UInt16
    }

    /// How long what is under way may take once the server is to stop.
    static let patience: Duration = .seconds(75)

    private let current: CurrentPortal
    private let sockets: ListeningSockets
    private let book: ConnectionBook
    private let onListening: @Sendable ([Listener]) async -> Void
    private let logger: Logger

    /// Prepares to serve.
    /// - Parameters:
    ///   - portal: What to serve.
    ///   - certificate: The certificate of its own TLS for browsers; nil where a proxy does it.
    ///   - sockets: Sockets that the service manager has opened already; addresses of the configuration take the place of
    ///     those that are missing.
    ///   - logger: Takes a line about the listeners' doings.
    ///   - onListening: Called once, when all listeners listen.
    public init(
        _ portal: Portal,
        certificate: PortalCertificate? = nil,
        sockets: ListeningSockets = ListeningSockets(),
        logger: Logger,
        onListening: @escaping @Sendable ([Listener]) async -> Void = { _ in }
    ) {
        current = CurrentPortal(portal, certificate)
        self.sockets = sockets
        book = ConnectionBook(limit: portal.settings.maxConnections, logger: logger)
        self.onListening = onListening
        self.logger = logger
    }

    /// Serves another portal from now on, with another certificate for new connections.
    ///
    /// The addresses stay those at which it has begun to listen.
    /// - Parameters:
    ///   - portal: What to serve.
    ///   - certificate: The certificate of its own TLS for browsers; nil where a proxy does it.
    public func adopt(_ portal: Portal, certificate: PortalCertificate?) {
        current.replace(with: portal, certificate)
        book.adopt(limit: portal.settings.maxConnections)
    }

    /// Serves until a graceful shutdown is asked for.
    /// - Throws: ``ListenProblem`` if a listener cannot listen.
    public func run() async throws {
        let settings = current.portal.settings
        var doors = [(isPublic: true, address: settings.listen, socket: sockets.portal)]
        if let inner = settings.internalListen { doors.append((false, inner, sockets.internal)) }
        var listeners: [PortalListener] = []
        do {
            for door in doors {
                let pipeline = ConnectionPipeline(current, isPublic: door.isPublic, book: book, logger: logger)
                listeners.append(try await PortalListener.open(door.address, socket: door.socket, pipeline, logger))
            }
        } catch {
            for listener in listeners { await listener.abandon() }
            throw error
        }
        await onListening(
            zip(doors, listeners).map { door, listener in Listener(isPublic: door.isPublic, port: listener.port) }
        )
        try await serve(listeners)
    }

    private func serve(_ listeners: [PortalListener]) async throws {
        let limit = Mutex<Task<Void, any Error>?>(nil)
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for listener in listeners { group.addTask { try await listener.run() } }
                try await group.waitForAll()
            }
        } onGracefulShutdown: { [book, logger] in
            book.quiesce()
            for listener in listeners { listener.stop() }
            let task = Task {
                try await Task.sleep(for: Self.patience)
                logger.warning("connections are cut off", metadata: ["count": "\(book.count)"])
                book.closeAll()
            }
            limit.withLock { $0 = task }
        }
        limit.withLock { $0?.cancel() }
    }
}

extension PortalServer {
    /// Returns once every thread that serves connections has answered; never, if one does not.
    public static func pulse() async {
        for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            try? await loop.submit {}.get()
        }
    }
}
