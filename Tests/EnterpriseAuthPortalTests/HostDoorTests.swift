import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Testing

@testable import EnterpriseAuthPortal

@Suite("The way from the portal to a protected host")
struct HostDoorTests {
    private static let start = PortalWorld.wiki + "/.ent-login/start?rd=%2Fpage%3Fa"

    /// Goes as far as the code, and does not use it.
    private static func code(_ world: PortalWorld, _ browser: PortalBrowser, _ url: String = start) async throws
        -> String
    {
        let (answer, _) = try await browser.follow(try await browser.get(url), from: url, times: 1)
        return try #require(answer.location)
    }

    @Test("leads through the login and back to the page, with a cookie of the host's own")
    func whole() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        let (login, url) = try await browser.follow(try await browser.get(Self.start), from: Self.start)
        #expect(url.hasPrefix(PortalWorld.portal + "/login?next=") && login.status == .ok)
        let answer = try await world.login(browser, at: url)
        let (_, end) = try await browser.follow(answer, from: PortalWorld.portal, times: 3)
        #expect(end == PortalWorld.wiki + "/page?a")
        let own = try #require(browser["wiki.localhost"]["__Host-ent_login"])
        #expect(own != browser["localhost"]["__Host-ent_login"])
        #expect(try await world.ask("wiki.localhost", cookies: browser["wiki.localhost"]).status == .ok)
    }

    @Test("gives a host nothing that is good elsewhere")
    func audience() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        _ = try await browser.follow(try await browser.get(Self.start), from: Self.start, times: 2)
        let stolen = browser["wiki.localhost"]
        #expect(try await world.ask("hr.localhost", cookies: stolen).status == .found)
        let thief = world.browser()
        thief["localhost"] = stolen
        #expect(try await thief.get(PortalWorld.portal + "/api/me").status == .unauthorized)
        #expect(try await world.ask("wiki.localhost", cookies: browser["localhost"]).status == .found)
    }

    @Test("takes a code once, at its own host, from the browser that began")
    func codes() async throws {
        let world = try PortalWorld()
        let (alice, mallory) = (world.browser(), world.browser())
        try await world.login(alice)
        try await world.login(mallory, "bob")
        // Somebody hands out their own code: whoever follows it would work as them.
        let foreign = try await Self.code(world, mallory)
        let again = "/.ent-login/start?rd=%2Fpage%3Fa&again=1"
        #expect(try await alice.get(foreign).location == again)
        #expect(alice["wiki.localhost"]["__Host-ent_login"] == nil)
        #expect(world.audit.events.last?.kind == .hostSession && world.audit.events.last?.outcome == .refused)
        #expect(world.audit.events.last?.name == "bob")
        let own = try await Self.code(world, alice)
        #expect(try await alice.get(own.replacing("wiki.", with: "hr.")).location == again)
        #expect(alice["hr.localhost"]["__Host-ent_login"] == nil)
        // Whatever came of it, it is used up.
        #expect(try await alice.get(own).location == again)
        let next = try await Self.code(world, alice)
        let state = alice["wiki.localhost"]
        #expect(try await alice.get(next).location == "/page?a")
        #expect(world.audit.events.last?.kind == .hostSession && world.audit.events.last?.outcome == .success)
        alice["wiki.localhost"] = state
        #expect(try await alice.get(next).location == again)
        #expect(alice["wiki.localhost"]["__Host-ent_login"] == nil)
    }

    @Test("goes round once more by itself when a code is worth nothing, and then says so")
    func again() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        let bad = PortalWorld.wiki + "/.ent-login/callback?code=x&rd=%2Fpage"
        let (_, end) = try await browser.follow(try await browser.get(bad), from: bad)
        #expect(end == PortalWorld.wiki + "/page")
        let stranger = world.browser()
        let second = try await stranger.get(bad + "&again=1")
        #expect(second.status == .badRequest && second.location == nil)
    }

    @Test("is begun by HEAD too, which uses no code up")
    func head() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        #expect(try await browser.send(.head, Self.start).status == .seeOther)
        let code = try await Self.code(world, browser)
        #expect(try await browser.send(.head, code).status == .notFound)
        #expect(try await browser.get(code).status == .seeOther)
    }

    @Test("is shared by tabs that begin at once")
    func tabs() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        let first = try await Self.code(world, browser)
        let second = try await Self.code(world, browser)
        #expect(try await browser.get(second).location == "/page?a")
        #expect(try await browser.get(first).location == "/page?a")
        #expect(first != second)
        // A browser that was closed begins in all its tabs before any of them has an answer.
        let restarted = world.browser()
        restarted["localhost"] = browser["localhost"]
        let lost = try await Self.code(world, restarted)
        restarted["wiki.localhost"] = [:]
        let kept = try await Self.code(world, restarted)
        #expect(try await restarted.get(kept).location == "/page?a")
        #expect(try await restarted.get(lost).location == "/page?a")
    }

    @Test("does not let one person's codes push out another's")
    func crowd() async throws {
        let world = try PortalWorld()
        let (alice, bob) = (world.browser(), world.browser())
        try await world.login(alice)
        try await world.login(bob, "bob")
        let code = try await Self.code(world, alice)
        for _ in 0..<(HostCodes.limitPerSession + 5) { _ = try await Self.code(world, bob) }
        #expect(try await alice.get(code).location == "/page?a")
        let first = try await Self.code(world, bob)
        for _ in 0..<HostCodes.limitPerSession { _ = try await Self.code(world, bob) }
        #expect(try await bob.get(first).location != "/page?a")
    }

    @Test(
        "leads to the host that asked and to no other",
        arguments: ["//evil.example", "https://evil.example", "/\\evil"]
    )
    func redirect(_ target: String) async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        let encoded = target.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let code = try await Self.code(world, browser, PortalWorld.wiki + "/.ent-login/start?rd=\(encoded)")
        #expect(try await browser.get(code).location == "/")
    }

    @Test("hands out codes for hosts that the rules protect only")
    func unknownHost() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        #expect(try await browser.get("http://evil.example/.ent-login/start").status == .misdirectedRequest)
        let state = String(repeating: "a", count: 42) + "A"
        for host in ["evil.example", "wiki.localhost.evil.example", "wiki.localhost@evil.example", "", "localhost"] {
            let url =
                "\(PortalWorld.portal)/api/hosts/login?host=\(host.replacing("@", with: "%40"))&state=\(state)&rd=%2F"
            #expect(try await browser.get(url).status == .badRequest, "\(host)")
        }
    }

    @Test("ends with the login at the portal")
    func logout() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        _ = try await browser.follow(try await browser.get(Self.start), from: Self.start, times: 2)
        let cookies = browser["wiki.localhost"]
        #expect(try await world.ask("wiki.localhost", cookies: cookies).status == .ok)
        let proof = try await browser.get(PortalWorld.portal + "/").fields["csrf"] ?? ""
        _ = try await browser.post(PortalWorld.portal + "/logout", ["csrf": proof])
        #expect(try await world.ask("wiki.localhost", cookies: cookies).status == .found)
        #expect(try await browser.get(PortalWorld.wiki + "/.ent-login/logout").location == "http://localhost/logout")
    }
}
