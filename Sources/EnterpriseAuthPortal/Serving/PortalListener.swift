internal import EnterpriseAuth
internal import Logging
internal import NIOCore
internal import NIOPosix

/// One socket that takes connections, and what is answered there.
struct PortalListener: Sendable {
    private let channel: NIOAsyncChannel<ConnectionPipeline.Value, Never>
    private let pipeline: ConnectionPipeline
    private let logger: Logger

    /// The port; 0 at a socket that has none.
    var port: UInt16 { UInt16(clamping: channel.channel.localAddress?.port ?? 0) }

    /// Opens a socket, or takes one that is open already.
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - socket: An open socket that is bound already; the address means nothing then.
    ///   - pipeline: What each connection goes through.
    ///   - logger: Takes a line when listening breaks.
    /// - Returns: A listener; connections wait for `run`.
    /// - Throws: ``ListenProblem``.
    static func open(
        _ address: ListenAddress,
        socket: Int32?,
        _ pipeline: ConnectionPipeline,
        _ logger: Logger
    ) async throws(ListenProblem) -> PortalListener {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
        do {
            let channel: NIOAsyncChannel<ConnectionPipeline.Value, Never>
            if let socket {
                channel = try await bootstrap.bind(socket) { pipeline.setUp($0) }
            } else {
                channel = try await bootstrap.bind(host: address.host, port: Int(address.port)) { pipeline.setUp($0) }
            }
            return PortalListener(channel: channel, pipeline: pipeline, logger: logger)
        } catch {
            throw ListenProblem(address, error)
        }
    }

    /// Answers until it is stopped, and then what is under way.
    /// - Throws: What breaks the socket.
    func run() async throws {
        // Nothing that is under way may end because the socket does, whatever ends the socket.
        let result = await withDiscardingTaskGroup { group -> Result<Void, any Error> in
            do {
                try await channel.executeThenClose { inbound in
                    for try await connection in inbound {
                        group.addTask { await pipeline.handle(connection) }
                    }
                }
                // Closed by nobody of ours: a portal that does not listen must not seem to be well.
                return pipeline.isClosing ? .success(()) : .failure(ChannelError.alreadyClosed)
            } catch  where pipeline.isClosing {
                // A connection came while the socket was being closed.
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        if case .failure(let error) = result { logger.error("a listener broke", metadata: ["error": "\(error)"]) }
        try result.get()
    }

    /// Takes no more connections.
    func stop() {
        channel.channel.close(promise: nil)
    }

    /// Closes the socket without having listened.
    func abandon() async {
        try? await channel.executeThenClose { _ in }
    }
}
