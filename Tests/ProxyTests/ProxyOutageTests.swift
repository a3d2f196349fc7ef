import Foundation
import TestBed
import TestWeb
import Testing

/// When the portal or the directory does not answer, nobody passes, and nobody waits for ever.
@Suite("Behind each proxy, when something is down, people")
struct ProxyOutageTests {
    /// The longest that a recipe waits for a decision (5 s) and for a page of the portal (15 s), and some for a busy
    /// machine.
    private static let bound: Duration = .seconds(12)
    private static let entranceBound: Duration = .seconds(25)

    @Test("do not pass while the portal is down", arguments: ProxyServer.Kind.allCases, [SIGKILL, SIGSTOP])
    func portal(_ kind: ProxyServer.Kind, _ signal: Int32) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        let end = try await browser.logIn(try await browser.visit("/"), as: .named("alice"))
        try #require(end.isOfApplication, "\(end)\(world.log)")
        world.portal.signal(signal)
        let portal = world.portal
        if signal == SIGKILL { _ = await portal.finish() }
        if signal == SIGSTOP {
            try #require(await ProcessCensus.wait { ProcessCensus.isStopped(portal.processID) })
        }
        try await withThrowingTaskGroup { group in
            for (method, target) in [("GET", "/docs"), ("POST", "/docs"), ("GET", "/public/"), ("HEAD", "/docs")] {
                group.addTask {
                    try await Self.expectClosed(Self.bound, "\(method) \(target)") {
                        try await browser.send(method, target, body: method == "POST" ? "a=b" : nil)
                    }
                }
            }
            group.addTask {
                try await Self.expectClosed(Self.bound, "WebSocket") {
                    try await browser.webSocket("/live", message: "ping").answer
                }
            }
            group.addTask {
                try await Self.expectClosed(Self.entranceBound, "entrance") {
                    try await browser.send("GET", "/.ent-login/start")
                }
            }
            try await group.waitForAll()
        }
    }

    private static func expectClosed(
        _ bound: Duration,
        _ what: String,
        _ ask: () async throws -> WebAnswer
    ) async throws {
        let begin = ContinuousClock.now
        let answer = try await ask()
        #expect((500...599).contains(answer.status) && !answer.isOfApplication, "\(what): \(answer)")
        #expect(ContinuousClock.now - begin < bound, "\(what)")
    }

    @Test("are told of an outage, and never refused, while the directory is down", arguments: ProxyServer.Kind.allCases)
    func directory(_ kind: ProxyServer.Kind) async throws {
        let server = try await SlapdServer.start()
        do {
            try await watch(kind, server)
            await server.stop()
        } catch {
            await server.stop()
            throw error
        }
    }

    private func watch(_ kind: ProxyServer.Kind, _ server: SlapdServer) async throws {
        let world = try await ProxyWorld.start(kind, directory: server)
        let browser = Browser(world)
        let end = try await browser.logIn(try await browser.visit("/engineering/"), as: .named("alice"))
        try #require(end.isOfApplication, "\(end)\(world.log)")
        try server.kill()
        // Until the next look at the directory the session is good; from then on there is no answer.
        let limit = ContinuousClock.now + .seconds(60)
        var answer: WebAnswer
        repeat {
            try await Task.sleep(for: .milliseconds(200))
            answer = try await browser.send("GET", "/engineering/")
            #expect(answer.status == 200 || (500...599).contains(answer.status), "\(answer)\(world.log)")
        } while answer.status == 200 && ContinuousClock.now < limit
        #expect((500...599).contains(answer.status) && !answer.isOfApplication, "\(answer)\(world.log)")
        try await server.restart()
        repeat {
            try await Task.sleep(for: .milliseconds(200))
            answer = try await browser.send("GET", "/engineering/")
            #expect(answer.status == 200 || (500...599).contains(answer.status), "\(answer)\(world.log)")
        } while answer.status != 200 && ContinuousClock.now < limit
        #expect(answer.isOfApplication, "the session is good again: \(answer)\(world.log)")
    }
}
