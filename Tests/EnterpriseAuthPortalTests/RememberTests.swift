import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Testing

@testable import EnterpriseAuthPortal

@Suite("Logins that the portal remembers")
struct RememberTests {
    private static let account = PortalWorld.portal + "/"
    private static let login = PortalWorld.portal + "/login"
    private static let sessions = PortalWorld.portal + "/sessions"
    private static let session = "__Host-ent_login"
    private static let remember = "__Host-ent_login_remember"

    private static func world() throws -> PortalWorld { try PortalWorld { $0.remember.enabled = true } }

    /// Logs in with the box ticked.
    @discardableResult
    private static func remember(
        _ browser: PortalBrowser,
        _ name: String = "alice"
    ) async throws -> PortalBrowser.Answer {
        var fields = try await browser.get(login).fields
        (fields["username"], fields["password"], fields["remember"]) = (name, "\(name)'s password", "yes")
        return try await browser.post(login, fields)
    }

    /// Closes the browser, and with it what lasts only as long.
    private static func close(_ browser: PortalBrowser) {
        browser["localhost"][session] = nil
        browser["localhost"]["__Host-ent_login_visitor"] = nil
    }

    @Test("are offered where the configuration allows them, and asked for by a box that is not ticked")
    func box() async throws {
        let page = try await Self.world().browser().get(Self.login).text
        #expect(page.contains(#"<input id="remember" name="remember" type="checkbox" value="yes">"#))
        #expect(page.contains("Keep me logged in on this device"))
        let world = try PortalWorld()
        let browser = world.browser()
        #expect(try await !browser.get(Self.login).text.contains(#"name="remember""#))
        // Nor does a form that asks nevertheless get one.
        let answer = try await Self.remember(browser)
        #expect(answer.status == .seeOther && browser["localhost"][Self.remember] == nil)
    }

    @Test("outlive the browser, without the rights of a password just given")
    func comeBack() async throws {
        let world = try Self.world()
        let (browser, other) = (world.browser(), world.browser())
        try await Self.remember(browser)
        try await world.login(other)
        Self.close(browser)
        let page = try await browser.get(Self.account)
        #expect(page.status == .ok && page.text.contains("stays logged in"))
        #expect(browser["localhost"][Self.session] != nil)
        // The login page has nothing to ask either.
        Self.close(browser)
        let asked = try await browser.get(Self.login + "?next=%2F%3Fa")
        #expect(asked.status == .seeOther && asked.location == "/?a")
        let proof = try await browser.get(Self.account).fields["csrf"] ?? ""
        let stale = try await browser.post(Self.sessions, ["csrf": proof, "others": "yes"])
        let relogin = try #require(stale.location)
        #expect(relogin.hasPrefix("/relogin"))
        #expect(try await world.manager.sessions(.all).count == 2)
        var fields = try await browser.get(PortalWorld.portal + relogin).fields
        fields["password"] = "alice's password"
        let again = try await browser.post(PortalWorld.portal + "/relogin", fields)
        let (end, _) = try await browser.follow(again, from: Self.login)
        #expect(end.status == .ok && end.text.contains("stays logged in"))
        _ = try await browser.post(Self.sessions, ["csrf": end.fields["csrf"] ?? "", "others": "yes"])
        #expect(try await world.manager.sessions(.all).count == 1)
        #expect(try await world.manager.rememberedLogins(.all).count == 1)
    }

    @Test("are asked for through a second step too")
    func challenge() async throws {
        let world = try Self.world()
        let challenge = Challenge(
            id: "conversation-1",
            provider: "corp",
            messages: [],
            prompts: [.init(text: "Code: ", echoes: true)]
        )
        let carol = PortalWorld.identity("carol")
        world.provider.add(carol, password: "carol's password", outcome: .challenge(challenge))
        world.provider.set(.verified(carol, notices: []), forChallenge: "conversation-1")
        let browser = world.browser()
        var fields = try await Self.remember(browser, "carol").fields
        #expect(fields["remember"] == "yes")
        fields["answer-0"] = "123456"
        #expect(try await browser.post(Self.login, fields).status == .seeOther)
        #expect(browser["localhost"][Self.remember] != nil)
    }

    @Test("are in the list, and end there one by one")
    func endOne() async throws {
        let world = try Self.world()
        let (first, second) = (world.browser(), world.browser())
        try await Self.remember(second)
        Self.close(second)
        // The session of the second runs out, and what is remembered of it does not.
        world.clock.advance(by: .seconds(1801))
        try await Self.remember(first)
        let page = try await first.get(Self.account).text
        #expect(page.contains("Where you stay logged in") && page.contains("since 20"))
        let logins = try await world.manager.rememberedLogins(.all)
        #expect(logins.count == 2)
        let old = try #require(logins.last)
        #expect(page.contains(#"name="session" value="\#(old.id)""#))
        let proof = try await first.get(Self.account).fields["csrf"] ?? ""
        let answer = try await first.post(Self.sessions, ["csrf": proof, "session": "\(old.id)"])
        #expect(answer.location == "/")
        #expect(try await world.manager.rememberedLogins(.all).map(\.id) == [try #require(logins.first).id])
        #expect(try await second.get(Self.account).status == .found)
        #expect(second["localhost"][Self.remember] == nil)
        #expect(try await first.get(Self.account).text.contains("That session has ended."))
    }

    @Test("end by nobody else's hand")
    func foreign() async throws {
        let world = try Self.world()
        let (alice, bob) = (world.browser(), world.browser())
        try await Self.remember(alice)
        try await Self.remember(bob, "bob")
        let victim = try #require(try await world.manager.rememberedLogins(.loginName("bob")).first)
        let proof = try await alice.get(Self.account).fields["csrf"] ?? ""
        _ = try await alice.post(Self.sessions, ["csrf": proof, "session": "\(victim.id)"])
        Self.close(bob)
        #expect(try await bob.get(Self.account).status == .ok)
    }

    @Test("end with the logout, by the button of one's own entry, and all of them at once")
    func endAll() async throws {
        let world = try Self.world()
        for form in [["path": "/logout"], ["session": "own"], ["all": "yes"]] {
            let (browser, other) = (world.browser(), world.browser())
            try await Self.remember(other)
            world.clock.advance(by: .seconds(1))
            try await Self.remember(browser)
            var fields = form
            fields["csrf"] = try await browser.get(Self.account).fields["csrf"]
            let own = try #require(try await world.manager.sessions(.all).compactMap(\.series).first)
            if form["session"] != nil { fields["session"] = "\(own)" }
            let answer = try await browser.post(PortalWorld.portal + (form["path"] ?? "/sessions"), fields)
            #expect(answer.status == .ok && answer.text.contains("You "))
            #expect(browser["localhost"][Self.session] == nil && browser["localhost"][Self.remember] == nil)
            Self.close(other)
            #expect(try await other.get(Self.account).status == (form["all"] == nil ? .ok : .found))
            try await world.manager.end(.all, client: .local)
        }
    }

    @Test("tell the person when somebody has used a copy", arguments: ["en", "de", "fr"])
    func theft(language: String) async throws {
        let world = try Self.world()
        let (browser, thief) = (world.browser(), world.browser())
        try await Self.remember(browser)
        Self.close(browser)
        thief["localhost"] = browser["localhost"]
        #expect(try await thief.get(Self.account).status == .ok)
        world.clock.advance(by: .seconds(61))
        let headers: HTTPFields = [.acceptLanguage: language]
        let answer = try await browser.get(Self.account, headers)
        #expect(answer.location?.hasPrefix("/login") == true)
        let page = try await browser.get(Self.login, headers)
        let words = ["en": "used from somewhere else", "de": "von anderswo benutzt", "fr": "utilisée ailleurs"]
        #expect(page.alert?.contains(try #require(words[language])) == true)
        #expect(try await thief.get(PortalWorld.portal + "/api/me").status == .unauthorized)
        #expect(try await world.manager.rememberedLogins(.all).isEmpty)
    }

    @Test("lead back to protected hosts without a login page")
    func protectedHost() async throws {
        let world = try Self.world()
        let browser = world.browser()
        try await Self.remember(browser)
        Self.close(browser)
        let start = PortalWorld.wiki + "/.ent-login/start?rd=%2Fpage"
        let (_, url) = try await browser.follow(try await browser.get(start), from: start)
        #expect(url == PortalWorld.wiki + "/page")
        let answer = try await world.ask("wiki.localhost", "/page", cookies: browser["wiki.localhost"])
        #expect(answer.status == .ok && browser["wiki.localhost"][Self.remember] == nil)
    }

    @Test("and known devices let their owner in while strangers guess")
    func knownDevice() async throws {
        let world = try Self.world()
        let (owner, stranger) = (world.browser(), world.browser())
        try await world.login(owner)
        let proof = try await owner.get(Self.account).fields["csrf"] ?? ""
        _ = try await owner.post(PortalWorld.portal + "/logout", ["csrf": proof])
        for number in 0..<4 { try await world.login(stranger, password: "wrong \(number)") }
        #expect(try await world.login(stranger).status == .forbidden)
        #expect(try await world.login(owner).status == .seeOther)
    }
}
