import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

/// Flask-Login's tests of `login_required` and `unauthorized`; T and its number is the test's in `docs/flask-login.md`.
@Suite("Flask-Login: who may not pass")
struct UpstreamGuardTests {
    private static let loginMessage = "Please log in to access this page."

    @Test("T20, FL-34: a request without a login is told to listeners once")
    func event() async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            let seen = try await events(of: fixture.app.web) { try await browser.get("/secret") }
            #expect(seen.count == 1)
            guard case .unauthorized("/secret") = seen.first else {
                Issue.record("something else: \(seen)")
                return
            }
        }
    }

    @Test("T21: the message is shown once, under its category")
    func message() async throws {
        let settings = ["LOGIN_VIEW": "/login", "LOGIN_MESSAGE": "Log in!", "LOGIN_MESSAGE_CATEGORY": "login"]
        try await Fixture(settings).browse { browser async throws in
            try await browser.get("/secret")
            #expect(try await browser.text("/flash") == "login: Log in!")
            #expect(try await browser.text("/flash") == "")
            #expect(browser.cookies.isEmpty)
        }
    }

    @Test("T21: without words of the application it is Flask-Login's, under \"message\"")
    func usualMessage() async throws {
        try await Fixture(["LOGIN_VIEW": "/login"]).browse { browser async throws in
            try await browser.get("/secret")
            #expect(try await browser.text("/flash") == "message: \(Self.loginMessage)")
        }
        try await Fixture(["LOGIN_VIEW": "/login", "LOGIN_MESSAGE": ""]).browse { browser async throws in
            try await browser.get("/secret")
            #expect(browser.cookies.isEmpty)
        }
    }

    @Test("T22, T55: the messages pass through the application's translation")
    func localized() async throws {
        let views = ["LOGIN_VIEW": "/login", "REFRESH_VIEW": "/refresh-view"]
        let fixture = try Fixture(views) { $0.localize = { text, _ in text.uppercased() } }
        try await fixture.browse { browser async throws in
            try await browser.get("/secret")
            #expect(try await browser.text("/flash") == "message: \(Self.loginMessage.uppercased())")
            try await browser.get("/needs-refresh")
            #expect(try await browser.text("/flash") == "message: PLEASE REAUTHENTICATE TO ACCESS THIS PAGE.")
        }
    }

    @Test("T23, T52: the application's own answers come first")
    func handlers() async throws {
        let fixture = try Fixture(["LOGIN_VIEW": "/login", "REFRESH_VIEW": "/refresh-view"]) { settings in
            settings.unauthorized = { _ in Response(status: .unauthorized, body: .init(byteBuffer: .init(string: "Go")))
            }
            settings.needsRefresh = { _ in Response(status: .ok, body: .init(byteBuffer: .init(string: "Again"))) }
        }
        try await fixture.browse { browser async throws in
            let response = try await browser.get("/secret")
            #expect(response.status == .unauthorized && response.text == "Go")
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(try await browser.text("/needs-refresh") == "Again")
        }
    }

    @Test("T24, T56: without a view it is 401", arguments: ["/secret", "/needs-refresh", "/protected"])
    func noView(_ path: String) async throws {
        try await Fixture().browse { browser async throws in
            let response = try await browser.get(path)
            #expect(response.status == .unauthorized)
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.headers[.location] == nil)
        }
    }

    @Test("T25, T29, T57, FL-36: with one, the browser is sent there and told where to come back to")
    func views() async throws {
        try await Fixture(["LOGIN_VIEW": "/login", "REFRESH_VIEW": "refresh-view"]).browse { browser async throws in
            let response = try await browser.get("/secret")
            #expect(response.status == .found)
            #expect(response.headers[.location] == "/login?next=%2Fsecret")
            #expect(try await browser.location("/needs-refresh") == "/refresh-view?next=%2Fneeds-refresh")
            #expect(try await browser.location("/secret?a=1&b=%26") == "/login?next=%2Fsecret%3Fa%3D1%26b%3D%2526")
        }
    }

    @Test("T26, T27, T58, FL-37: the place to come back to can be kept out of the address")
    func nextInSession() async throws {
        for protection in ["none", "strong"] {
            let settings = [
                "LOGIN_VIEW": "/login", "REFRESH_VIEW": "/refresh-view", "USE_SESSION_FOR_NEXT": "true",
                "SESSION_PROTECTION": protection,
            ]
            try await Fixture(settings).browse { browser async throws in
                #expect(try await browser.location("/secret") == "/login")
                #expect(try await browser.text("/login").contains("Anonymous"))
                #expect(try await browser.text("/next") == "/secret")
                #expect(try await browser.location("/needs-refresh") == "/refresh-view")
                #expect(try await browser.text("/next") == "/needs-refresh")
                #expect(try await browser.text("/next") == "")
                // In a session too.
                try await browser.get("/login-notch")
                #expect(try await browser.location("/needs-refresh") == "/refresh-view")
                #expect(try await browser.text("/next") == "/needs-refresh")
            }
        }
    }

    @Test("FL-37: a place that is too long to be kept goes by the address")
    func longNext() async throws {
        try await Fixture(["LOGIN_VIEW": "/login", "USE_SESSION_FOR_NEXT": "true"]).browse { browser async throws in
            let query = String(repeating: "a", count: 3500)
            let location = try await browser.location("/secret?\(query)")
            #expect(location?.hasPrefix("/login?next=%2Fsecret%3Faaa") == true)
            #expect(try await browser.text("/next") == "")
        }
    }

    @Test("T28, FL-40, FL-41: groups of routes have their own login views, others the application's")
    func groupViews() async throws {
        try await Fixture(["LOGIN_VIEW": "/app_login"]).browse { browser async throws in
            #expect(try await browser.location("/protected") == "/app_login?next=%2Fprotected")
            #expect(try await browser.location("/first/protected") == "/first/login?next=%2Ffirst%2Fprotected")
            #expect(try await browser.location("/second/protected") == "/second/login?next=%2Fsecond%2Fprotected")
        }
    }

    @Test("FL-41: a group with a login view of its own keeps the application's refresh view, unless it has one too")
    func groupRefreshViews() async throws {
        try await Fixture(["LOGIN_VIEW": "/login", "REFRESH_VIEW": "/refresh-view"]).browse { router in
            let views: [(RouterPath, LoginViews<ConformanceApp.Context>)] = [
                ("/one", LoginViews(login: "/one/login")), ("/two", LoginViews(login: "/l", refresh: "/two/refresh")),
                ("/three", LoginViews(login: "/l", refresh: nil)),
            ]
            for (path, views) in views {
                router.group(path).add(middleware: views).add(middleware: FreshLoginRequired())
                    .get("page") { _, _ in "page" }
            }
        } _: { browser async throws in
            try await browser.get("/login-notch?fresh=false")
            #expect(try await browser.location("/one/page") == "/refresh-view?next=%2Fone%2Fpage")
            #expect(try await browser.location("/two/page") == "/two/refresh?next=%2Ftwo%2Fpage")
            #expect(try await browser.get("/three/page").status == .unauthorized)
        }
    }

    @Test("FL-40: a group whose login view is none answers 401")
    func groupWithoutView() async throws {
        try await Fixture(["LOGIN_VIEW": "/login"]).browse { router in
            router.group("/api").add(middleware: LoginViews(login: nil)).add(middleware: LoginRequired())
                .get("thing") { _, _ in "thing" }
        } _: { browser async throws in
            #expect(try await browser.get("/api/thing").status == .unauthorized)
        }
    }

    @Test("FL-39: what was sent by POST is come back to by GET")
    func post() async throws {
        try await Fixture(["LOGIN_VIEW": "/login"]).browse { browser async throws in
            let token = try await browser.token(of: "/login")
            let response = try await browser.post("/protected", "csrf_token=\(token)")
            #expect(response.status == .found)
            #expect(response.headers[.location] == "/login?next=%2Fprotected")
        }
    }

    @Test("T107, T108, T109, T110, FL-38: the redirect is relative whatever Host says, unless a host is forced")
    func hosts() async throws {
        let spoofed: HTTPFields = [try #require(HTTPField.Name("X-Forwarded-Host")): "bad.com"]
        try await Fixture(["LOGIN_VIEW": "/login", "TRUSTED_PROXIES": "127.0.0.1"]).browse { browser async throws in
            #expect(try await browser.location("/secret", spoofed) == "/login?next=%2Fsecret")
        }
        let forced = ["LOGIN_VIEW": "/login", "FORCE_HOST_FOR_REDIRECTS": "good.com"]
        try await Fixture(forced).browse { browser async throws in
            #expect(try await browser.location("/secret", spoofed) == "//good.com/login?next=%2Fsecret")
        }
    }

    @Test("T77, T78, FL-27: a guard lets in who has logged in")
    func loginRequired() async throws {
        try await Fixture().browse { browser async throws in
            #expect(try await browser.get("/protected").status == .unauthorized)
            try await browser.get("/login-notch")
            #expect(try await browser.text("/protected") == "Access Granted")
        }
    }

    @Test("T77: behind a guard the task's current user is the person")
    func currentUser() async throws {
        try await Fixture().browse { router in
            router.group("/who").add(middleware: LoginRequired())
                .get("") { _, _ in (CurrentUser.value as? ConformancePerson)?.name ?? "nobody" }
        } _: { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/who") == "Notch")
        }
    }

    @Test("T80, FL-31, FL-33: a guard for fresh logins wants a fresh one, and a confirmation makes it so")
    func freshLoginRequired() async throws {
        let fixture = try Fixture(["REFRESH_VIEW": "/refresh-view"])
        try await fixture.browse { browser async throws in
            #expect(try await browser.get("/very-protected").status == .unauthorized)
            try await browser.get("/login-notch")
            #expect(try await browser.text("/very-protected") == "Access Granted")
            // FL-33: freshness ages.
            fixture.clock.advance(by: .seconds(301))
            #expect(try await browser.location("/very-protected") == "/refresh-view?next=%2Fvery-protected")
            #expect(try await browser.text("/protected") == "Access Granted")
            let before = browser.cookies
            try await browser.get("/confirm-login")
            #expect(browser.cookies != before)
            #expect(try await browser.text("/very-protected") == "Access Granted")
        }
    }

    @Test("T53, T54, FL-43: an old login is told to listeners once, with the message for it")
    func needsRefresh() async throws {
        let settings = [
            "REFRESH_VIEW": "/refresh-view", "NEEDS_REFRESH_MESSAGE": "Again, please",
            "NEEDS_REFRESH_MESSAGE_CATEGORY": "refresh",
        ]
        let fixture = try Fixture(settings)
        try await fixture.browse { browser async throws in
            let seen = try await events(of: fixture.app.web) { try await browser.get("/needs-refresh") }
            #expect(seen.count == 1)
            #expect(try await browser.text("/flash") == "refresh: Again, please")
        }
    }

    @Test("T60, FL-32: nobody can confirm a login that is not there")
    func confirmNothing() async throws {
        let fixture = try Fixture()
        let stream = fixture.app.manager.events()
        try await fixture.browse { router in
            router.get("/confirm") { _, context in try await context.login.confirmLogin().word }
        } _: { browser async throws in
            #expect(try await browser.text("/confirm") == "False")
            try await browser.get("/login-notch")
            #expect(try await browser.text("/confirm") == "True")
        }
        var iterator = stream.makeAsyncIterator()
        #expect(await iterator.next()?.kind == .login)
        #expect(await iterator.next()?.kind == .confirmation)
    }

    @Test("a program gets 401 and never a page: by Accept, or by Fetch Metadata")
    func programs() async throws {
        try await Fixture(["LOGIN_VIEW": "/login"]).browse { browser async throws in
            #expect(try await browser.get("/protected", [.accept: "application/json"]).status == .unauthorized)
            #expect(try await browser.get("/protected", [.secFetchMode: "cors"]).status == .unauthorized)
            #expect(try await browser.get("/protected", [.accept: "text/html,*/*;q=0.8"]).status == .found)
            #expect(try await browser.get("/protected", [.secFetchMode: "navigate"]).status == .found)
        }
    }

    @Test(
        "a login view that is itself guarded ends in 401 and not in a circle",
        arguments: [
            "/guarded-login", "https://localhost/guarded-login", "/guarded-login?lang=en",
        ]
    )
    func circle(_ view: String) async throws {
        try await Fixture(["LOGIN_VIEW": view]).browse { router in
            router.group("/guarded-login").add(middleware: LoginRequired()).get("") { _, _ in "never" }
        } _: { browser async throws in
            #expect(try await browser.get("/guarded-login").status == .unauthorized)
        }
    }

    @Test("a route without LoginMiddleware answers 500 and lets nobody in")
    func setup() async throws {
        let router = Router(context: BasicLoginRequestContext.self)
        router.group("/bare").add(middleware: LoginRequired()).get("") { _, _ in "in" }
        try await Application(router: router).test(.router) { client in
            let response = try await Browser(client).get("/bare")
            #expect(response.status == .internalServerError)
            #expect(response.text != "in")
        }
    }
}
