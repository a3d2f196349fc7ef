import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Testing

@testable import EnterpriseAuthPortal

@Suite("The login page")
struct LoginPageTests {
    private static let refused = "The user name or password is not right, or this account may not log in here."

    @Test("lets people in, with a cookie that is as narrow as may be, and leads back to where they were going")
    func login() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        let asked = try await browser.get(PortalWorld.portal + "/")
        #expect(asked.status == .found && asked.location == "/login?next=%2F")
        let answer = try await world.login(browser, at: PortalWorld.portal + "/login?next=%2F%3Fa")
        #expect(answer.status == .seeOther && answer.location == "/?a")
        let cookie = try #require(answer.headers[values: .setCookie].first { $0.hasPrefix("__Host-ent_login=") })
        #expect(cookie.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax"))
        let page = try await browser.get(PortalWorld.portal + "/")
        #expect(page.status == .ok && page.text.contains("Alice &lt;Archer&gt;"))
        #expect(page.text.contains(">Größe, 100%<") && page.text.contains(">Staff<"))
    }

    @Test("says the same to everybody whom it does not let in", arguments: ["alice", "nobody", "bob"])
    func refusal(name: String) async throws {
        let world = try PortalWorld()
        world.judge.set(.inactive(reason: "left", groups: []), for: PortalWorld.identity("bob").userID)
        let password = name == "bob" ? "bob's password" : "wrong"
        let answer = try await world.login(world.browser(), name, password: password)
        #expect(answer.status == .forbidden)
        #expect(answer.alert == Self.refused)
        #expect(answer.headers[values: .setCookie].allSatisfy { !$0.hasPrefix("__Host-ent_login=") })
        #expect(answer.fields["username"] == name && answer.fields["password"] == nil)
    }

    @Test("says that it is not available where nobody can say, and never that the password is wrong")
    func outage() async throws {
        let world = try PortalWorld()
        world.provider.set(outage: PortalWorld.outage)
        let answer = try await world.login(world.browser())
        #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] != nil)
        #expect(answer.alert?.contains("temporarily unavailable") == true)
        #expect(answer.alert?.contains(Self.refused) == false)
    }

    @Test(
        "leads nowhere else, whatever it is told",
        arguments: [
            "//evil.example", "/\\evil.example", "https:evil.example", "/%2f%2fevil.example", "https://evil.example/",
            "https://good@evil.example/", "javascript:alert(1)", "https://login.example.org.evil.example/",
            "https://wiki.example.org:444/", "http://wiki.example.org/", "/%0d%0aX: y", "\u{9}//evil.example",
        ]
    )
    func openRedirect(_ next: String) async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        let encoded = next.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let inAddress = try await world.login(browser, at: PortalWorld.portal + "/login?next=\(encoded)")
        #expect(inAddress.location == "/")
        let other = world.browser()
        var fields = try await other.get(PortalWorld.portal + "/login").fields
        (fields["username"], fields["password"], fields["next"]) = ("alice", "alice's password", next)
        let inForm = try await other.post(PortalWorld.portal + "/login", fields)
        #expect(inForm.status == .seeOther && inForm.location == "/")
    }

    @Test("leads to the company's other hosts, and lets the browser go there")
    func otherHost() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        let url = PortalWorld.portal + "/login?next=https%3A%2F%2Fwiki.example.org%2Fx"
        let page = try await browser.get(url)
        let policy = try #require(page.headers[.contentSecurityPolicy])
        #expect(policy.contains("form-action 'self' https://wiki.example.org;"))
        #expect(try await world.login(browser, at: url).location == "https://wiki.example.org/x")
    }

    @Test("takes no form that is not its own")
    func forgery() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        var fields = try await browser.get(PortalWorld.portal + "/login").fields
        (fields["username"], fields["password"]) = ("alice", "alice's password")
        let login = PortalWorld.portal + "/login"
        let foreign = try await browser.post(login, fields, [.origin: "https://evil.example"])
        #expect(foreign.status == .forbidden)
        var withoutProof = fields
        withoutProof["csrf"] = nil
        #expect(try await browser.post(login, withoutProof).status == .forbidden)
        #expect(try await world.browser().post(login, fields).status == .forbidden)
        #expect(try await world.manager.sessions(.all).isEmpty)
        #expect(try await browser.post(login, fields, [.origin: PortalWorld.portal]).status == .seeOther)
    }

    @Test("gives a new token at each login, and adopts none")
    func fixation() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        let planted = String(repeating: "A", count: 43)
        browser["localhost"] = ["__Host-ent_login": planted]
        try await world.login(browser)
        let first = try #require(browser["localhost"]["__Host-ent_login"])
        #expect(first != planted)
        let thief = world.browser()
        thief["localhost"] = ["__Host-ent_login": planted]
        #expect(try await thief.get(PortalWorld.portal + "/api/me").status == .unauthorized)
    }

    @Test("reads no more than a form has")
    func largeBody() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        let large = String(repeating: "x", count: 10_000_000)
        let headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let answer = try await browser.send(.post, PortalWorld.portal + "/login", headers, body: large)
        #expect(answer.status == .contentTooLarge)
    }

    @Test("carries what keeps it from being framed, stored and scripted, and speaks the browser's language")
    func headers() async throws {
        let world = try PortalWorld()
        let answer = try await world.browser().get(PortalWorld.portal + "/login", [.acceptLanguage: "de-AT, en;q=0.5"])
        #expect(answer.text.contains(#"<html lang="de""#) && answer.text.contains("Anmelden"))
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            #expect(policy.contains(part))
        }
        #expect(!policy.contains("script-src") && !answer.text.contains("<script"))
        let style = try #require(answer.text.firstMatch(of: /href="(\/\.ent-login\/assets\/portal[^"]+)"/)).output.1
        let css = try await world.browser().get(PortalWorld.portal + style)
        #expect(css.status == .ok && css.headers[.contentType]?.hasPrefix("text/css") == true)
        #expect(css.headers[.cacheControl]?.contains("immutable") == true)
    }

    @Test("asks on where the login asks more, and keeps where one was going")
    func challenge() async throws {
        let world = try PortalWorld()
        let challenge = Challenge(
            id: "conversation-1",
            provider: "corp",
            messages: ["Look at your <device>."],
            prompts: [.init(text: "Code: ", echoes: true), .init(text: "PIN: ", echoes: false)]
        )
        let carol = PortalWorld.identity("carol")
        world.provider.add(carol, password: "carol's password", outcome: .challenge(challenge))
        world.provider.set(.verified(carol, notices: [.graceLogins(remaining: 2)]), forChallenge: "conversation-1")
        let browser = world.browser()
        let page = try await world.login(browser, "carol", at: PortalWorld.portal + "/login?next=%2F%3Fa")
        #expect(page.status == .ok && page.text.contains("Look at your &lt;device&gt;."))
        #expect(page.text.contains(#"name="answer-1" type="password""#))
        var fields = page.fields
        (fields["answer-0"], fields["answer-1"]) = ("123456", "0000")
        let answer = try await browser.post(PortalWorld.portal + "/login", fields)
        #expect(answer.status == .seeOther && answer.location == "/?a")
        let account = try await browser.get(PortalWorld.portal + "/")
        #expect(account.text.contains("2 more times"))
        // The conversation is good for one answer, and a made-up one for none.
        var forged = try await world.browser().get(PortalWorld.portal + "/login").fields
        forged["step"] = "2 made-up corp"
        let other = world.browser()
        let own = try await other.get(PortalWorld.portal + "/login").fields
        forged["csrf"] = own["csrf"]
        (forged["answer-0"], forged["answer-1"]) = ("1", "2")
        #expect(try await other.post(PortalWorld.portal + "/login", forged).status != .seeOther)
    }
}
