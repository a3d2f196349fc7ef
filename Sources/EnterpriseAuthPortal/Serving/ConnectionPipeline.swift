internal import EnterpriseAuthHummingbird
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOSSL

/// What each connection goes through: TLS if the portal does it, HTTP, the limits of patience, the portal.
struct ConnectionPipeline: Sendable {
    typealias Value = HTTP1Channel.Value

    private let current: CurrentPortal
    private let isPublic: Bool
    private let book: ConnectionBook
    private let http: HTTP1Channel
    private let logger: Logger

    init(_ current: CurrentPortal, isPublic: Bool, book: ConnectionBook, logger: Logger) {
        self.current = current
        self.isPublic = isPublic
        self.book = book
        self.logger = logger
        let responder = PortalResponder(current: current, isPublic: isPublic, logger: logger)
        // Proxies pass on what browsers send; more than this is no request of a person's.
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: 32_768,
            maxHeaderListSize: 65_536,
            maxHeaderFieldCount: 200
        )
        http = HTTP1Channel(
            responder: { try await responder.answer($0, $1, $2) },
            configuration: HTTP1Channel.Configuration(httpDecoderConfiguration: decoder)
        )
    }

    /// Prepares a connection; one for which there is no room is closed.
    func setUp(_ channel: any Channel) -> EventLoopFuture<Value> {
        let prepared = channel.eventLoop.makeCompletedFuture {
            guard let connection = book.admit(channel) else { throw ChannelError.ioOnClosedChannel }
            if isPublic, let certificate = current.certificate {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
            }
            return connection
        }
        let ready = prepared.flatMap { [self] connection in
            http.setup(channel: channel, logger: logger).flatMapThrowing { value in
                try addHandlers(for: connection, to: channel)
                return value
            }
        }
        // Nobody else closes what never becomes a connection.
        ready.whenFailure { _ in channel.close(promise: nil) }
        return ready
    }

    /// Whether no more connections are wanted.
    var isClosing: Bool { book.isClosing }

    /// Behind what makes requests of bytes, in front of what makes them wait for one another.
    private func addHandlers(for connection: OpenConnection, to channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(RequestHeads(), position: .after(decoder))
        let state = try pipeline.handler(type: HTTPConnectionStateHandler.self)
        try pipeline.addHandler(ConnectionPace(connection), position: .before(state))
        if !isPublic { try pipeline.addHandler(ImmediateAnswers(current, logger), position: .before(state)) }
    }

    /// Answers the requests of a connection until it ends.
    func handle(_ value: Value) async {
        await http.handle(value: value, logger: logger)
    }
}
