import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

@Suite("Cookies")
struct CookieTests {
    private static let name = "__Host-ent_login"

    @Test("of a login have all attributes, one line, and an answer that nobody keeps (ASVS 3.3.1 to 3.3.4, 14.3.2)")
    func attributes() async throws {
        try await World().browse { browser in
            let response = try await browser.get("/login/alice")
            let token = try #require(browser.cookies[Self.name])
            #expect(token.utf8.count == SessionToken.textLength)
            let line = "\(Self.name)=\(token); Path=/; Secure; HttpOnly; SameSite=Lax"
            #expect(response.setCookies(Self.name) == [line])
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.headers[.clearSiteData] == nil)
            // SM-08: it ends with the browser; the server has its own limits.
            #expect(!line.contains("Max-Age"))
        }
    }

    @Test("FL-23: are deleted with the same attributes, and the browser's copies of pages with them (ASVS 14.3.1)")
    func deletion() async throws {
        try await World().browse { browser in
            try await browser.get("/login/alice")
            let response = try await browser.get("/logout")
            #expect(response.text == "was")
            let line =
                "\(Self.name)=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
            #expect(response.headers[values: .setCookie] == [line])
            #expect(response.headers[.clearSiteData] == #""cache", "storage""#)
            #expect(response.headers[.cacheControl] == "no-store")
        }
    }

    @Test("follow the configuration: domain, strictness, plain HTTP on loopback")
    func configured() async throws {
        try await World().browse(configure: { settings in
            settings.cookie = CookieConfiguration(name: "sid")
            settings.cookie.domain = "example.org"
            settings.cookie.secure = false
            settings.cookie.sameSite = .strict
        }) { browser async throws in
            let line = try await browser.get("/login/alice").setCookies("sid").first
            #expect(line?.hasSuffix("; Domain=example.org; Path=/; HttpOnly; SameSite=Strict") == true)
        }
    }

    @Test("that nobody gave out are never adopted: a login makes its own (SM-10, fixation)")
    func fixation() async throws {
        let world = World()
        try await world.browse { browser in
            let planted = String(repeating: "A", count: SessionToken.textLength)
            browser.cookies = [Self.name: planted]
            #expect(try await browser.text("/who") == "nobody")
            #expect(browser.cookies[Self.name] == planted)
            try await browser.get("/login/alice")
            let token = try #require(browser.cookies[Self.name])
            #expect(token != planted)
            browser.cookies = [Self.name: planted]
            #expect(try await browser.text("/who") == "nobody")
        }
        #expect(world.audit.events.contains { $0.kind == .unknownToken })
    }

    @Test("are replaced at their time by an answer that somebody has asked the login for, and by no other (SM-18)")
    func renewalAtItsTime() async throws {
        let world = World()
        try await world.browse { browser in
            try await browser.get("/login/alice")
            let first = try #require(browser.cookies[Self.name])
            world.clock.advance(by: .seconds(899))
            #expect(try await browser.get("/who").setCookies(Self.name).isEmpty)
            world.clock.advance(by: .seconds(1))
            #expect(try await browser.get("/plain").setCookies(Self.name).isEmpty)
            let response = try await browser.get("/who")
            let second = try #require(browser.cookies[Self.name])
            #expect(second != first && response.text == "alice")
            let line = "\(Self.name)=\(second); Path=/; Secure; HttpOnly; SameSite=Lax"
            #expect(response.setCookies(Self.name) == [line] && response.headers[.cacheControl] == "no-store")
            // Requests that were under way have the old one; the new one is not replaced by them.
            for _ in 0..<2 {
                browser.cookies = [Self.name: first]
                #expect(try await browser.text("/guarded") == "in")
                #expect(browser.cookies[Self.name] == first)
                browser.cookies = [Self.name: second]
                #expect(try await browser.text("/guarded") == "in")
            }
            world.clock.advance(by: .seconds(30))
            browser.cookies = [Self.name: first]
            #expect(try await browser.text("/who") == "nobody")
        }
    }

    @Test("are not replaced by a request that logs in or out")
    func noRenewal() async throws {
        let world = World()
        try await world.browse { browser in
            for path in ["/logout", "/login/alice"] {
                browser.cookies = [:]
                try await browser.get("/login/alice")
                world.clock.advance(by: .seconds(900))
                let response = try await browser.get(path)
                #expect(response.setCookies(Self.name).count == 1)
                #expect(try await browser.text("/who") == (path == "/logout" ? "nobody" : "alice"))
            }
        }
    }

    @Test("that were good before a login are dead after it (SM-12)")
    func renewal() async throws {
        try await World().browse { browser in
            try await browser.get("/login/alice")
            let first = browser.cookies
            try await browser.get("/login/alice")
            #expect(browser.cookies != first)
            browser.cookies = first
            #expect(try await browser.text("/who") == "nobody")
        }
    }

    @Test("of one name twice in a request are nobody's, and both stay")
    func duplicates() async throws {
        try await World().browse { browser in
            try await browser.get("/login/alice")
            let token = try #require(browser.cookies[Self.name])
            let pair = "\(Self.name)=\(token)"
            for header in ["\(pair); \(pair)", "\(Self.name)=x; \(pair)", "\(pair); a=b; \(Self.name)="] {
                let response = try await browser.get("/who", [.cookie: header])
                #expect(response.text == "nobody")
                #expect(response.headers[values: .setCookie].isEmpty)
            }
            var lines = HTTPFields()
            lines[values: .cookie] = [pair, pair]
            #expect(try await browser.text("/who", lines) == "nobody")
            lines[values: .cookie] = ["a=b", pair, "c=d"]
            #expect(try await browser.text("/who", lines) == "alice")
        }
    }

    @Test(
        "are found among others by their exact name",
        arguments: [
            ("a=1; sid=x; b=2", RequestCookies.Finding.one("x")), ("sid=x", .one("x")), ("  sid =  x\t", .one("x")),
            ("sid=", .one("")), ("sid=a=b", .one("a=b")), ("sid=\"x\"", .one("\"x\"")), ("sid", .none), ("", .none),
            ("Sid=x; xsid=y; sid2=z", .none), (";;;=;=sid;", .none), ("sid=x;sid=x", .ambiguous),
            ("s\u{ef}d=x; sid=\u{fc}", .one("\u{fc}")),
        ]
    )
    func parsing(_ header: String, _ finding: RequestCookies.Finding) {
        #expect(RequestCookies.find("sid", in: [.cookie: header]) == finding)
    }

    @Test("take the place of a line that the application wrote under the same name")
    func onceAName() async throws {
        try await World().browse(routes: { router in
            router.get("/own") { _, context in
                try await context.login.logout()
                return Response(
                    status: .ok,
                    headers: [.setCookie: "\(Self.name)=mine", .cacheControl: "public, max-age=3600"]
                )
            }
        }) { browser async throws in
            try await browser.get("/login/alice")
            let response = try await browser.get("/own")
            #expect(response.setCookies(Self.name).count == 1)
            #expect(response.setCookies(Self.name).first?.contains("Max-Age=0") == true)
            #expect(response.headers[values: .cacheControl] == ["no-store"])
        }
    }

    @Test("go out with an answer that is an error too; a session whose answer never goes out ends")
    func errors() async throws {
        struct Broken: Error {}
        let world = World()
        try await world.browse(routes: { router in
            router.get("/teapot") { _, context -> String in
                try await context.login.login(ConformancePerson.notch)
                throw HTTPError(.init(code: 418))
            }
            router.get("/broken") { _, context -> String in
                try await context.login.login(ConformancePerson.notch)
                throw Broken()
            }
        }) { browser async throws in
            let answer = try await browser.get("/teapot")
            #expect(answer.status.code == 418)
            #expect(answer.setCookies(Self.name).count == 1)
            #expect(try await world.manager.sessions(.all).count == 1)
            try await browser.get("/logout")
            #expect(try await browser.get("/broken").status == .internalServerError)
            #expect(try await world.manager.sessions(.all).isEmpty)
        }
    }
}
