import EnterpriseAuth
import EnterpriseAuthHummingbird
import EnterpriseAuthTesting
import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import EnterpriseAuthPortal

@Suite("Answers to proxies that wait for nothing")
struct ImmediateAnswersTests {
    private let world: PortalWorld
    private let channel: NIOAsyncTestingChannel
    /// The token of somebody who is logged in at `wiki.localhost`.
    private let token: String
    private var cookies: String { "__Host-ent_login=\(token)" }

    init() async throws {
        world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        let start = try await browser.get(PortalWorld.wiki + "/.ent-login/start?rd=%2Fpage")
        _ = try await browser.follow(start, from: PortalWorld.wiki, times: 3)
        token = try #require(browser["wiki.localhost"]["__Host-ent_login"])
        channel = try await Self.channel(world, peer: "127.0.0.1")
    }

    private static func channel(_ world: PortalWorld, peer: String) async throws -> NIOAsyncTestingChannel {
        let current = CurrentPortal(world.portalObject, nil)
        let channel = try await NIOAsyncTestingChannel { channel in
            try channel.pipeline.syncOperations.addHandler(ImmediateAnswers(current, Logger(label: "test")))
        }
        try await channel.connect(to: SocketAddress(ipAddress: peer, port: 1)).get()
        return channel
    }

    private func head(
        _ target: String = "/",
        cookies: String? = nil,
        path: String = "/api/authz/forward-auth",
        more: HTTPFields = [:]
    ) -> HTTPRequestPart {
        var headers: HTTPFields = [
            .forwardedMethod: "GET", .forwardedProto: "http", .forwardedHost: "wiki.localhost",
            .forwardedUri: target, .forwardedFor: "192.0.2.7", .accept: "text/html",
            .userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        ]
        headers[.cookie] = cookies ?? self.cookies
        headers.append(contentsOf: more)
        return .head(HTTPRequest(method: .get, scheme: "http", authority: "authz", path: path, headerFields: headers))
    }

    /// Has parts come in one piece.
    private func read(_ parts: HTTPRequestPart...) async throws {
        try await channel.testingEventLoop.executeInContext { [channel] in
            for part in parts { channel.pipeline.fireChannelRead(part) }
            channel.pipeline.fireChannelReadComplete()
        }
        try await channel.throwIfErrorCaught()
    }

    /// The heads of what went out, and whether each came to its end.
    private func answers() async throws -> [HTTPResponse] {
        var heads: [HTTPResponse] = []
        while let part = try await channel.readOutbound(as: HTTPResponsePart.self) {
            if case .head(let head) = part { heads.append(head) }
        }
        return heads
    }

    private func passedOn() async throws -> Int {
        var count = 0
        while try await channel.readInbound(as: HTTPRequestPart.self) != nil { count += 1 }
        return count
    }

    @Test("let somebody who is logged in pass, with all headers, and hand nothing on")
    func allowed() async throws {
        try await read(head(), .end(nil))
        let answer = try #require(try await answers().first)
        #expect(answer.status == .ok && answer.headerFields[.remoteUser] == "alice")
        #expect(answer.headerFields[.contentLength] == "0" && answer.headerFields[.date] != nil)
        #expect(try await passedOn() == 0)
    }

    @Test("send everybody without a session to the login", arguments: ["", "ent_login=rubbish"])
    func anonymous(cookies: String) async throws {
        try await read(head(cookies: cookies), .end(nil))
        let answer = try #require(try await answers().first)
        #expect(answer.status == .found && answer.headerFields[.remoteUser] == nil)
        #expect(try await passedOn() == 0)
    }

    @Test("leave to others what memory cannot tell, and what has a body or another path")
    func others() async throws {
        // A token that was never given out may be in the store for all that memory knows.
        try await read(
            head(cookies: cookies.replacing(token.prefix(8), with: "AAAAAAAA")),
            .end(nil)
        )
        #expect(try await answers().isEmpty)
        #expect(try await passedOn() == 2)
        try await reply()
        try await read(head(path: "/readyz"), .end(nil))
        #expect(try await passedOn() == 2)
        try await reply()
        try await read(head(), .body(ByteBuffer(string: "a")), .end(nil))
        #expect(try await passedOn() == 3)
        try await reply()
        try await read(head(more: [.connection: "close"]), .end(nil))
        #expect(try await passedOn() == 2)
        try await reply()
        try await read(head())
        try await read(.end(nil))
        #expect(try await passedOn() == 2)
        try await reply()
        #expect(try await answers().count == 5)
        try await read(head(), .end(nil))
        #expect(try await answers().count == 1)
    }

    /// Answers as those do who may wait.
    private func reply() async throws {
        try await channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .accepted)))
        try await channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    @Test("come in the order of the questions")
    func order() async throws {
        try await read(head(), .end(nil), head(path: "/healthz"), .end(nil), head(), .end(nil))
        #expect(try await answers().map(\.status) == [.ok])
        #expect(try await passedOn() == 4)
        try await reply()
        try await read(head(), .end(nil))
        #expect(try await passedOn() == 2)
        try await reply()
        try await reply()
        try await read(head(), .end(nil), head(cookies: ""), .end(nil))
        #expect(try await answers().map(\.status) == [.accepted, .accepted, .accepted, .ok, .found])
        #expect(try await passedOn() == 0)
    }

    @Test("wait where the other end takes none")
    func unwritable() async throws {
        channel.isWritable = false
        try await read(head(), .end(nil))
        #expect(try await passedOn() == 2)
        #expect(try await answers().isEmpty)
    }

    @Test("never say yes where the session is over, the person is not active, or the sources have to be asked")
    func doubt() async throws {
        let id = PortalWorld.identity("alice").userID
        world.clock.advance(by: .seconds(1200))
        try await read(head(), .end(nil))
        #expect(try await answers().isEmpty)
        try await reply()
        #expect(try await world.ask("wiki.localhost", cookies: jar).status == .ok)
        try await read(head(), .end(nil))
        #expect(try await answers().map(\.status) == [.accepted, .ok])
        world.judge.set(.inactive(reason: "gone", groups: []), for: id)
        world.clock.advance(by: .seconds(1200))
        #expect(try await world.ask("wiki.localhost", cookies: jar).status != .ok)
        try await read(head(), .end(nil))
        #expect(try await answers().allSatisfy { $0.status != .ok })
        world.judge.set(.active(groups: ["Staff"]), for: id)
        try await world.manager.logoutAll(id, client: SessionClient())
        try await read(head(), .end(nil))
        #expect(try await answers().allSatisfy { $0.status != .ok })
    }

    private var jar: [String: String] { ["__Host-ent_login": token] }

    @Test("are nobody's who is not a proxy that is named")
    func untrusted() async throws {
        let stranger = try await Self.channel(world, peer: "192.0.2.1")
        try await stranger.writeInbound(head("/public"))
        try await stranger.writeInbound(HTTPRequestPart.end(nil))
        #expect(try await stranger.readOutbound(as: HTTPResponsePart.self) == nil)
        #expect(try await stranger.readInbound(as: HTTPRequestPart.self) != nil)
    }
}
