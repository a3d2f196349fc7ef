import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Testing

@testable import EnterpriseAuthPortal

@Suite("The account page")
struct AccountPageTests {
    private static let account = PortalWorld.portal + "/"

    @Test("lists the person's sessions and nobody else's, and marks the one that is used")
    func list() async throws {
        let world = try PortalWorld()
        let (first, second, stranger) = (world.browser(), world.browser(), world.browser())
        try await world.login(first)
        try await world.login(second)
        try await world.login(stranger, "bob")
        let page = try await first.get(Self.account).text
        #expect(page.matches(of: /Firefox, Linux/).count >= 2)
        #expect(page.matches(of: /this one/).count == 1)
        #expect(page.matches(of: /name="session"/).count == 1)
        #expect(!page.contains("Bob"))
    }

    @Test("ends one session, or all others, after the password was given lately")
    func end() async throws {
        let world = try PortalWorld { $0.session.freshFor = .seconds(60) }
        let (first, second, third) = (world.browser(), world.browser(), world.browser())
        for browser in [first, second, third] { try await world.login(browser) }
        world.clock.advance(by: .seconds(61))
        var fields = try await first.get(Self.account).fields
        let stale = try await first.post(PortalWorld.portal + "/sessions", fields)
        #expect(stale.location?.hasPrefix("/relogin") == true)
        #expect(try await world.manager.sessions(.all).count == 3)
        var relogin = try await first.get(PortalWorld.portal + "/relogin?next=%2F").fields
        #expect(relogin["username"] == "alice")
        relogin["password"] = "wrong"
        #expect(try await first.post(PortalWorld.portal + "/relogin", relogin).status == .forbidden)
        relogin["password"] = "alice's password"
        let before = first["localhost"]["__Host-ent_login"]
        #expect(try await first.post(PortalWorld.portal + "/relogin", relogin).location == "/")
        #expect(first["localhost"]["__Host-ent_login"] != before)
        fields = try await first.get(Self.account).fields
        #expect(try await first.post(PortalWorld.portal + "/sessions", fields).location == "/")
        #expect(try await world.manager.sessions(.all).count == 2)
        #expect(try await first.get(Self.account).text.contains("That session has ended."))
        let proof = try await first.get(Self.account).fields["csrf"] ?? ""
        _ = try await first.post(PortalWorld.portal + "/sessions", ["csrf": proof, "others": "yes"])
        #expect(try await world.manager.sessions(.all).count == 1)
        #expect(try await first.get(Self.account).status == .ok)
    }

    @Test("cannot be used to end somebody else's session")
    func foreign() async throws {
        let world = try PortalWorld()
        let (alice, bob) = (world.browser(), world.browser())
        try await world.login(alice)
        try await world.login(bob, "bob")
        let victim = try #require(try await world.manager.sessions(.loginName("bob")).first)
        let proof = try await alice.get(Self.account).fields["csrf"] ?? ""
        _ = try await alice.post(PortalWorld.portal + "/sessions", ["csrf": proof, "session": "\(victim.id)"])
        #expect(try await bob.get(Self.account).status == .ok)
    }

    @Test("logs out for good, by a form only, and a copied cookie is dead")
    func logout() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await world.login(browser)
        let thief = world.browser()
        thief["localhost"] = browser["localhost"]
        #expect(try await browser.get(PortalWorld.portal + "/logout").status == .ok)
        #expect(try await world.manager.sessions(.all).count == 1)
        let proof = try await browser.get(Self.account).fields["csrf"] ?? ""
        #expect(try await browser.post(PortalWorld.portal + "/logout", [:]).status == .forbidden)
        let answer = try await browser.post(PortalWorld.portal + "/logout", ["csrf": proof])
        #expect(answer.status == .ok && answer.text.contains("You have logged out."))
        #expect(answer.headers[values: .init("Clear-Site-Data")!] == [#""cache", "storage""#])
        #expect(browser["localhost"]["__Host-ent_login"] == nil)
        #expect(try await thief.get(PortalWorld.portal + "/api/me").status == .unauthorized)
    }

    @Test("tells programs who one is")
    func me() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        #expect(try await browser.get(PortalWorld.portal + "/api/me").status == .unauthorized)
        try await world.login(browser)
        let answer = try await browser.get(PortalWorld.portal + "/api/me")
        #expect(answer.status == .ok && answer.text.contains(#""login_name":"alice""#))
        #expect(answer.headers[.cacheControl] == "no-store")
    }

    @Test("and every other one say what to do where something is wrong")
    func errors() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        let missing = try await browser.get(PortalWorld.portal + "/nowhere")
        #expect(missing.status == .notFound && missing.text.contains("<h1>Page not found</h1>"))
        try await world.login(browser)
        world.clock.advance(by: .seconds(1200))
        world.provider.set(outage: PortalWorld.outage)
        let unavailable = try await browser.get(Self.account)
        #expect(unavailable.status == .serviceUnavailable && unavailable.text.contains("Temporarily unavailable"))
        #expect(browser["localhost"]["__Host-ent_login"] != nil)
        #expect(try await browser.get("http://elsewhere.example/").status == .misdirectedRequest)
    }
}
