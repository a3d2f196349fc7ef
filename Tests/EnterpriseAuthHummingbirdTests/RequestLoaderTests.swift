import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

/// Flask-Login's tests of `request_loader`; T and its number is the test's in `docs/flask-login.md`.
@Suite("Flask-Login: logins that a request brings along")
struct RequestLoaderTests {
    @Test("T15, T16, T85, T89, FL-10: a request names its user, for that request only")
    func named() async throws {
        try await Fixture().browse { browser async throws in
            #expect(try await browser.text("/username?user_id=2") == "Steve")
            #expect(try await browser.text("/username?user_id=9000") == "Anonymous")
            let response = try await browser.get("/protected?user_id=2")
            #expect(response.text == "Access Granted")
            #expect(response.headers[values: .setCookie].isEmpty)
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    @Test("T49: that is told once")
    func told() async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            let seen = try await events(of: fixture.app.web) { try await browser.get("/username?user_id=2") }
            let names = seen.compactMap { event -> String? in
                guard case .loadedFromRequest(let user) = event else { return nil }
                return (user as? ConformancePerson)?.name
            }
            #expect(names == ["Steve"])
        }
    }

    @Test("T84, T87: without credentials, or with wrong ones, a guarded page is 401")
    func refused() async throws {
        try await Fixture().browse { browser async throws in
            #expect(try await browser.get("/protected").status == .unauthorized)
            #expect(try await browser.get("/protected?user_id=9000").status == .unauthorized)
        }
    }

    @Test("FL-26: a live session comes first, unless the loader is to be asked before it")
    func order() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/username?user_id=2") == "Notch")
        }
    }

    @Test("T86, T88, FL-12: credentials that are asked for first beat the session, right or wrong")
    func first() async throws {
        let fixture = try Fixture { $0.requestLoader = ConformanceApp.queryLoader(.beforeSession) }
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/username") == "Notch")
            #expect(try await browser.text("/username?user_id=2") == "Steve")
            #expect(try await browser.get("/protected?user_id=9000").status == .unauthorized)
            #expect(try await browser.text("/username") == "Notch")
        }
    }

    @Test("the freshness of a session is not that of somebody else's request")
    func freshness() async throws {
        let fixture = try Fixture { $0.requestLoader = ConformanceApp.queryLoader(.beforeSession) }
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/very-protected") == "Access Granted")
            #expect(try await browser.get("/very-protected?user_id=2").status == .unauthorized)
        }
    }

    @Test(
        "FL-11, FL-53: a cookie that is nobody's does not keep the loader from being asked",
        arguments: [
            "session=garbage", "session=\u{e9}\u{ff}; session=x", "session",
            "session=" + String(repeating: "A", count: 43),
            "remember=|; session=;;;",
        ]
    )
    func garbage(_ cookie: String) async throws {
        try await Fixture().browse { browser async throws in
            #expect(try await browser.text("/username?user_id=2", [.cookie: cookie]) == "Steve")
            #expect(try await browser.get("/protected", [.cookie: cookie]).status == .unauthorized)
        }
    }

    @Test("an outage of the loader is 503, and neither a yes nor nobody")
    func outage() async throws {
        struct Broken: Error {}
        let fixture = try Fixture { $0.requestLoader = RequestLoader { _, _ in throw Broken() } }
        try await fixture.browse { browser async throws in
            for path in ["/username", "/protected"] {
                let response = try await browser.get(path)
                #expect(response.status == .serviceUnavailable)
                #expect(response.headers[.retryAfter] == "5")
            }
            #expect(try await browser.get("/").status == .ok)
        }
    }

    @Test("a login in the request is stronger than what the request brought along")
    func loginWins() async throws {
        let fixture = try Fixture { $0.requestLoader = ConformanceApp.queryLoader(.beforeSession) }
        try await fixture.browse { router in
            router.get("/switch") { _, context in
                _ = try await context.login.user()
                try await context.login.login(ConformancePerson.notch)
                return (try await context.login.user() as? ConformancePerson)?.name ?? "nobody"
            }
        } _: { browser async throws in
            #expect(try await browser.text("/switch?user_id=2") == "Notch")
        }
    }

    @Test("Bearer: the token is found under any spelling of the scheme, twice is never")
    func bearer() async throws {
        let fixture = try Fixture { settings in
            settings.requestLoader = .bearer { token, _ in token == "good" ? ConformancePerson.steve : nil }
        }
        try await fixture.browse { browser async throws in
            #expect(try await browser.text("/username", [.authorization: "bEARER  good"]) == "Steve")
            #expect(try await browser.text("/username", [.authorization: "Basic good"]) == "Anonymous")
            let response = try await browser.get("/protected", [.authorization: "Bearer bad"])
            #expect(response.status == .unauthorized)
            #expect(response.headers[.wwwAuthenticate] == "Bearer")
            var twice = HTTPFields()
            twice[values: .authorization] = ["Bearer good", "Bearer good"]
            #expect(try await browser.text("/username", twice) == "Anonymous")
        }
    }

    @Test(
        "Basic: the manager checks the password, and a session is not begun",
        arguments: [
            // alice:alice's password, alice:no, bob without a colon, no base64, a name that is no UTF-8
            ("YWxpY2U6YWxpY2UncyBwYXNzd29yZA==", "alice"), ("YWxpY2U6bm8=", "nobody"), ("Ym9i", "nobody"),
            ("!!", "nobody"), ("/zo=", "nobody"), ("", "nobody"),
        ]
    )
    func basic(_ text: String, _ name: String) async throws {
        let world = World()
        try await world.browse(loader: { .basic($0) }) { browser async throws in
            #expect(try await browser.text("/who", [.authorization: "Basic \(text)"]) == name)
            let response = try await browser.get("/guarded", [.authorization: "Basic \(text)"])
            #expect(response.status == (name == "alice" ? .ok : .unauthorized))
            if name == "nobody" {
                #expect(response.headers[.wwwAuthenticate] == "Basic realm=\"login\", charset=\"UTF-8\"")
            }
        }
        #expect(try await world.manager.sessions(.all).isEmpty)
    }

    @Test("Basic: nobody is let in, and nobody refused, while nobody answers")
    func basicOutage() async throws {
        let world = World()
        world.provider.set(outage: World.outage)
        try await world.browse(loader: { .basic($0) }) { browser async throws in
            let header: HTTPFields = [.authorization: "Basic YWxpY2U6YWxpY2UncyBwYXNzd29yZA=="]
            #expect(try await browser.get("/guarded", header).status == .serviceUnavailable)
        }
    }

    @Test("several loaders are asked in turn, and all of them challenge")
    func several() async throws {
        let world = World()
        let bearer = RequestLoader.bearer { token, _ in token == "good" ? ConformancePerson.steve : nil }
        try await world.browse(loader: { .first(of: [bearer, .basic($0)]) }) { browser async throws in
            #expect(try await browser.text("/who", [.authorization: "Bearer good"]) == "2")
            let alice: HTTPFields = [.authorization: "Basic YWxpY2U6YWxpY2UncyBwYXNzd29yZA=="]
            #expect(try await browser.text("/who", alice) == "alice")
            let challenge = try await browser.get("/guarded").headers[.wwwAuthenticate]
            #expect(challenge == "Bearer, Basic realm=\"login\", charset=\"UTF-8\"")
        }
    }
}
