import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import EnterpriseAuthPortal

@Suite("How long the other end of a connection may take")
struct ConnectionPaceTests {
    private let limits = ConnectionPace.Limits(
        head: .seconds(10),
        body: .seconds(30),
        answer: .seconds(60),
        rest: .seconds(75),
        farewell: .seconds(1)
    )
    private let channel: EmbeddedChannel
    private let connection: OpenConnection

    init() throws {
        channel = EmbeddedChannel()
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        connection = OpenConnection(channel, now: channel.eventLoop.now)
        try channel.pipeline.syncOperations.addHandler(ConnectionPace(connection, limits: limits))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func read(_ parts: HTTPRequestPart...) throws {
        for part in parts { try channel.writeInbound(part) }
    }

    private func pass(_ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    private func write(_ parts: HTTPResponsePart...) {
        // Without waiting for anybody who takes it.
        for part in parts { channel.writeAndFlush(part, promise: nil) }
    }

    private func answer() throws -> HTTPFields {
        write(.head(HTTPResponse(status: .ok)), .end(nil))
        guard case .head(let head)? = try channel.readOutbound(as: HTTPResponsePart.self) else { return [:] }
        return head.headerFields
    }

    private static let head = HTTPRequestPart.head(
        HTTPRequest(method: .get, scheme: "http", authority: "login.example.org", path: "/")
    )
    private static func head(connection: String) -> HTTPRequestPart {
        let fields: HTTPFields = [.connection: connection]
        return .head(
            HTTPRequest(method: .get, scheme: "http", authority: "login.example.org", path: "/", headerFields: fields)
        )
    }
    private static let piece = HTTPRequestPart.body(ByteBuffer(string: "a"))

    @Test("without a head the connection ends after ten seconds")
    func noHead() {
        pass(9)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("a body that comes byte by byte ends it after thirty")
    func slowBody() throws {
        try read(Self.head, Self.piece)
        for _ in 0..<29 {
            pass(1)
            try read(Self.piece)
        }
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("only who has sent half a request keeps us waiting for the rest of it")
    func half() throws {
        #expect(connection.waitingForBodySince == nil)
        try read(Self.head)
        #expect(connection.waitingForBodySince == channel.eventLoop.now)
        try read(Self.piece, .end(nil))
        #expect(connection.waitingForBodySince == nil)
    }

    @Test("a login that takes its time is waited for")
    func slowAnswer() throws {
        try read(Self.head, .end(nil))
        pass(600)
        #expect(channel.isActive)
        #expect(try answer()[.connection] == nil)
    }

    @Test("between two requests it may rest, and each answer begins a new rest")
    func rest() throws {
        for _ in 0..<3 {
            try read(Self.head, .end(nil))
            #expect(connection.waitingSince == nil)
            _ = try answer()
            while try channel.readOutbound(as: HTTPResponsePart.self) != nil {}
            #expect(connection.waitingSince != nil)
            pass(74)
            #expect(channel.isActive)
        }
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("an answer to half a request says that the connection ends, and a second later it does")
    func early() throws {
        try read(Self.head, Self.piece)
        #expect(try answer()[.connection] == "close")
        try read(Self.piece)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("an answer to bytes that are no request is the last, and a second later the connection ends")
    func noRequest() throws {
        #expect(try answer()[.connection] == "close")
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("a request may say that it is the last; what comes behind it is not handed on, and buys no time")
    func last() throws {
        try read(Self.head(connection: "close"), .end(nil))
        while try channel.readInbound(as: HTTPRequestPart.self) != nil {}
        try read(Self.head, .end(nil))
        #expect(try channel.readInbound(as: HTTPRequestPart.self) == nil)
        #expect(try answer()[.connection] == "close")
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("who goes on asking and takes no answer is let go after sixty seconds")
    func untaken() throws {
        let full = Full()
        try channel.pipeline.syncOperations.addHandler(full, position: .first)
        try read(Self.head, .end(nil))
        _ = try answer()
        for _ in 0..<59 {
            pass(1)
            try read(Self.head, .end(nil))
        }
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("an answer of which only the begin is taken is given up after sixty seconds")
    func begunAnswer() throws {
        try channel.pipeline.syncOperations.addHandler(Full(), position: .first)
        try read(Self.head, .end(nil))
        write(.head(HTTPResponse(status: .ok)))
        pass(59)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("who takes one answer after the other has time for each")
    func takenSlowly() throws {
        let full = Full()
        try channel.pipeline.syncOperations.addHandler(full, position: .first)
        for _ in 0..<3 { try read(Self.head, .end(nil)) }
        for _ in 0..<3 { _ = try answer() }
        for _ in 0..<3 {
            pass(59)
            full.takeAnswer()
            #expect(channel.isActive)
        }
        pass(74)
        #expect(channel.isActive, "all are taken: now it rests")
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("an answer that has gone out gives the next request's body no more time")
    func bodyBehindAnswer() throws {
        try read(Self.head, .end(nil), Self.head, Self.piece)
        _ = try answer()
        pass(29)
        #expect(channel.isActive)
        pass(1)
        #expect(!channel.isActive)
    }

    @Test("what comes behind the last answer is not handed on")
    func farewell() throws {
        try read(Self.head)
        _ = try answer()
        while try channel.readInbound(as: HTTPRequestPart.self) != nil {}
        try read(Self.piece, .end(nil), Self.head)
        #expect(try channel.readInbound(as: HTTPRequestPart.self) == nil)
    }

    @Test(
        "the time of an answer, as HTTP writes it",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(Int64, String)]
    )
    func date(seconds: Int64, text: String) {
        #expect(HTTPDate.text(ofMilliseconds: seconds * 1000) == text)
    }
}

/// The system's buffers, full: it takes what goes out only when it is told to.
private final class Full: ChannelOutboundHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var ends: [EventLoopPromise<Void>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), let promise { ends.append(promise) }
    }

    func takeAnswer() {
        ends.removeFirst().succeed(())
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        for end in ends { end.fail(ChannelError.ioOnClosedChannel) }
        ends = []
        context.close(mode: mode, promise: promise)
    }
}
