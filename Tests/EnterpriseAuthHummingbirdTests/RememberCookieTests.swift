import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import HostSystem
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird

@Suite("Remembered logins in the web layer")
struct RememberCookieTests {
    private static let session = "__Host-ent_login"
    private static let name = "__Host-ent_login_remember"

    private static func world(grace: Duration = .seconds(60)) -> World {
        World {
            $0.remember.enabled = true
            $0.remember.grace = grace
        }
    }

    private static func addRoutes(_ router: Router<World.Context>) {
        router.get("/remember/{name}") { _, context in
            let name = try context.parameters.require("name")
            let password = SecretBytes(Array("\(name)'s password".utf8))
            let result = try await context.login.login(username: name, password: password, remember: true)
            guard case .success = result else { return "no" }
            return "yes"
        }
        router.get("/flash") { _, context in
            try await context.login.takeFlash().map(\.text).joined(separator: "\n")
        }
        router.get("/twice") { _, context in
            let login = context.login
            async let first = login.session()?.id
            async let second = login.session()?.id
            let (one, other) = (try await first, try await second)
            return "\(one != nil && one == other)"
        }
        router.get("/broken") { _, context -> String in
            _ = try await context.login.user()
            throw Broken()
        }
        router.get("/form") { _, context in try await context.login.csrfToken() }
        router.group("/change").add(middleware: CSRFProtection()).post("") { _, context in
            try await context.login.isRemembered() ? "changed" : "no"
        }
        router.group("/fresh").add(middleware: FreshLoginRequired()).get("") { _, _ in "in" }
        router.get("/again/{name}") { _, context in
            let text = "\(try context.parameters.require("name"))'s password"
            let result = try await context.login.reauthenticate(password: SecretBytes(Array(text.utf8)))
            guard case .renewed = result else { return "no" }
            return "yes"
        }
    }

    private struct Broken: Error {}

    @Test("have all attributes, one line a name, and an answer that nobody keeps; each use brings the next token")
    func rotation() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            let login = try await browser.get("/remember/alice")
            #expect(login.setCookies(Self.session).count == 1 && login.setCookies(Self.name).count == 1)
            let line = try #require(login.setCookies(Self.name).first)
            #expect(line.hasSuffix("; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax"))
            var tokens: Set<String> = [try #require(browser.cookies[Self.name])]
            for _ in 0..<3 {
                // Once by a browser that was closed, and then by a session that ran out.
                world.clock.advance(by: .seconds(3600))
                if tokens.count == 1 { browser.cookies[Self.session] = nil }
                let back = try await browser.get("/guarded")
                #expect(back.text == "in" && back.headers[.cacheControl] == "no-store")
                #expect(back.setCookies(Self.session).count == 1 && back.setCookies(Self.name).count == 1)
                #expect(tokens.insert(try #require(browser.cookies[Self.name])).inserted)
                #expect(try await browser.get("/who").headers[values: .setCookie].isEmpty)
            }
        }
        #expect(try await world.manager.sessions(.all).count == 1)
        #expect(world.audit.events.allSatisfy { $0.kind != .theft })
    }

    @Test("are not looked at while there is a session, nor where nobody asks who somebody is")
    func untouched() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            browser.cookies[Self.session] = nil
            let plain = try await browser.get("/plain")
            #expect(plain.headers[values: .setCookie].isEmpty && plain.headers[.cacheControl] == nil)
        }
        #expect(world.audit.events.allSatisfy { $0.kind != .restoration })
    }

    @Test("bring all of a page's parallel requests the same session and token, and are not stolen by that")
    func parallel() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            let header: HTTPFields = [.cookie: "\(Self.name)=\(try #require(browser.cookies[Self.name]))"]
            let lines = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        let response = try await browser.get("/who", header)
                        #expect(response.text == "alice")
                        return response.headers[values: .setCookie]
                    }
                }
                return try await group.reduce(into: [[String]]()) { $0.append($1) }
            }
            #expect(Set(lines).count == 1 && lines.first?.count == 2)
            world.clock.advance(by: .seconds(86_400))
            #expect(try await browser.text("/who") == "alice")
        }
        #expect(try await world.manager.sessions(.all).count == 1)
        #expect(world.audit.events.allSatisfy { $0.kind != .theft })
    }

    @Test("are used once a request, however many of its tasks ask, even without a grace")
    func onceARequest() async throws {
        let world = Self.world(grace: .zero)
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            for _ in 0..<20 {
                browser.cookies[Self.session] = nil
                #expect(try await browser.text("/twice") == "true")
            }
        }
        #expect(world.audit.events.allSatisfy { $0.kind != .theft })
    }

    @Test("that come twice end with all their sessions, and both browsers are told why at the next page")
    func theft() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            let copy = try #require(browser.cookies[Self.name])
            browser.cookies[Self.session] = nil
            #expect(try await browser.text("/who") == "alice")
            world.clock.advance(by: .seconds(61))
            let first = browser.cookies
            // Who of the two is the owner, nobody can say.
            for cookies in [[Self.name: copy], first] {
                browser.cookies = cookies
                #expect(try await browser.text("/who") == "nobody")
                #expect(browser.cookies[Self.name] == nil)
                #expect(try await browser.text("/flash").contains("used from somewhere else"))
                #expect(try await browser.text("/flash").isEmpty)
            }
        }
        #expect(try await world.manager.sessions(.all).isEmpty)
        #expect(world.audit.events.count { $0.kind == .theft } == 1)
    }

    @Test("stay good while nobody can say whether the person may come back: 503, and no cookie changes")
    func outage() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            browser.cookies[Self.session] = nil
            let cookies = browser.cookies
            world.provider.set(outage: World.outage)
            world.judge.set(outage: World.outage)
            for path in ["/who", "/guarded", "/flash", "/fresh"] {
                let response = try await browser.get(path)
                #expect(response.status == .serviceUnavailable && response.headers[.retryAfter] == "5")
                #expect(response.headers[values: .setCookie].isEmpty)
            }
            #expect(browser.cookies == cookies)
            world.provider.set(outage: nil)
            world.judge.set(outage: nil)
            world.clock.advance(by: .seconds(60))
            #expect(try await browser.text("/who") == "alice")
        }
    }

    @Test("do not bring back who is not active any more")
    func inactive() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            browser.cookies[Self.session] = nil
            world.judge.set(.inactive(reason: "left", groups: []), for: World.identity("alice").userID)
            #expect(try await browser.get("/guarded").status == .unauthorized)
            #expect(browser.cookies[Self.session] == nil && browser.cookies[Self.name] == nil)
        }
    }

    @Test("of one name twice in a request are nobody's, and both stay; so it is beside two session cookies")
    func duplicates() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            let token = try #require(browser.cookies[Self.name])
            let pair = "\(Self.name)=\(token)"
            let sessions = "\(Self.session)=a; \(Self.session)=b"
            for header in ["\(pair); \(pair)", "\(Self.name)=x; \(pair)", "\(pair); \(sessions)"] {
                let response = try await browser.get("/who", [.cookie: header])
                #expect(response.text == "nobody")
                #expect(response.headers[values: .setCookie].isEmpty)
            }
            #expect(try await browser.text("/who", [.cookie: pair]) == "alice")
        }
    }

    @Test("of answers that came to nothing are not lost: the next visit is not that of a thief")
    func failedAnswer() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            browser.cookies[Self.session] = nil
            let before = browser.cookies
            #expect(try await browser.get("/broken").status == .internalServerError)
            #expect(browser.cookies[Self.session] != nil && browser.cookies[Self.name] != before[Self.name])
            world.clock.advance(by: .seconds(3600))
            #expect(try await browser.text("/who") == "alice")
        }
    }

    @Test("are not for what needs a fresh login, until the password is given again")
    func freshness() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            browser.cookies[Self.session] = nil
            #expect(try await browser.get("/fresh").status == .unauthorized)
            browser.cookies[Self.session] = nil
            #expect(try await browser.text("/again/bob") == "no")
            #expect(try await browser.text("/again/alice") == "yes")
            #expect(try await browser.text("/fresh") == "in")
            // The login is still remembered.
            browser.cookies[Self.session] = nil
            #expect(try await browser.text("/who") == "alice")
        }
    }

    @Test("take forms that were open while the session ran out, and no other login's")
    func openForm() async throws {
        let world = Self.world()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            try await browser.get("/remember/alice")
            let token = try await browser.text("/form")
            world.clock.advance(by: .seconds(3600))
            #expect(try await browser.post("/change", "csrf_token=\(token)").text == "changed")
            #expect(try await browser.post("/change", "csrf_token=\(token)x").status == .forbidden)
            try await browser.get("/remember/alice")
            #expect(try await browser.post("/change", "csrf_token=\(token)").status == .forbidden)
        }
    }

    @Test("are not handed out where the configuration remembers nobody, and those of before go")
    func disabled() async throws {
        let world = World()
        try await world.browse(routes: Self.addRoutes) { browser async throws in
            #expect(try await browser.get("/remember/alice").setCookies(Self.name).isEmpty)
            try await browser.get("/logout")
            let part = String(repeating: "A", count: SessionToken.textLength)
            browser.cookies = [Self.name: "\(part).\(part)"]
            #expect(try await browser.text("/who") == "nobody")
            #expect(browser.cookies.isEmpty)
        }
    }
}
