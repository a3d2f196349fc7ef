import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

/// Flask-Login's tests of remember-me; T and its number is the test's in `docs/flask-login.md`.
@Suite("Flask-Login: remembered logins")
struct UpstreamRememberTests {
    private static let name = "remember"

    /// How long a browser is told to keep the cookie; nil if it is told nothing of it.
    private static func age(_ response: TestResponse, _ name: String = name) -> Int? {
        let line = response.setCookies(name).first ?? ""
        guard let start = line.firstRange(of: "Max-Age=") else { return nil }
        return Int(line[start.upperBound...].prefix { $0.isNumber })
    }

    @Test("T33, FL-30: a plain login is fresh and not remembered, and a visitor neither")
    func plain() async throws {
        try await Fixture().browse { browser async throws in
            #expect(try await browser.text("/is-remembered") == "False")
            try await browser.get("/login-notch")
            #expect(try await browser.text("/is-fresh") == "True")
            #expect(try await browser.text("/is-remembered") == "False")
            #expect(browser.cookies[Self.name] == nil)
        }
    }

    @Test("T34, T45, FL-30, FL-33, FL-56: without the session the person comes back, remembered and not fresh")
    func remembered() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-notch-remember")
            #expect(try await browser.text("/is-fresh") == "True")
            #expect(try await browser.text("/is-remembered") == "True")
            let first = try #require(browser.cookies[Self.name])
            browser.cookies["session"] = nil
            #expect(try await browser.text("/username") == "Notch")
            #expect(browser.cookies["session"] != nil && browser.cookies[Self.name] != first)
            #expect(try await browser.text("/is-fresh") == "False")
            #expect(try await browser.text("/is-remembered") == "True")
        }
    }

    @Test("T35, FL-18: a time that one login asks for is the browser's and ours, at its later uses too")
    func customDuration() async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            #expect(Self.age(try await browser.get("/login-notch-remember-custom")) == 7 * 3600)
            browser.cookies["session"] = nil
            fixture.clock.advance(by: .seconds(6 * 3600))
            let back = try await browser.get("/username")
            #expect(back.text == "Notch" && Self.age(back) == 7 * 3600)
            browser.cookies["session"] = nil
            fixture.clock.advance(by: .seconds(7 * 3600))
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    private static let parameters = [
        "REMEMBER_COOKIE_NAME": "myname", "REMEMBER_COOKIE_DURATION": "172800", "REMEMBER_COOKIE_PATH": "/mypath",
        "REMEMBER_COOKIE_DOMAIN": "localhost.local", "REMEMBER_COOKIE_SECURE": "True",
        "REMEMBER_COOKIE_SAMESITE": "Strict", "REMEMBER_COOKIE_HTTPONLY": "True",
    ]
    private static let attributes = "; Domain=localhost.local; Path=/mypath; Secure; HttpOnly; SameSite=Strict"

    @Test("T36, FL-03: name, path, domain, duration and the rest are the configuration's")
    func parameters() async throws {
        try await Fixture(Self.parameters).browse { browser async throws in
            let line = try await browser.get("/login-notch-remember").setCookies("myname").first
            #expect(line?.hasSuffix("; Max-Age=172800\(Self.attributes)") == true)
        }
    }

    @Test("T37: a login's own duration beats the configuration's, and nothing else of it")
    func customParameters() async throws {
        try await Fixture(Self.parameters).browse { browser async throws in
            let line = try await browser.get("/login-notch-remember-custom").setCookies("myname").first
            #expect(line?.hasSuffix("; Max-Age=25200\(Self.attributes)") == true)
        }
    }

    @Test("FL-50: without settings the fixture's cookie has Flask-Login's name, year and path, and SameSite besides")
    func usualParameters() async throws {
        try await Fixture().browse { browser async throws in
            let line = try await browser.get("/login-notch-remember").setCookies(Self.name).first
            #expect(line?.hasSuffix("; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax") == true)
        }
    }

    @Test("T43: the cookie stays as it is while there is a session")
    func noRefresh() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-notch-remember")
            for path in ["/username", "/protected"] {
                #expect(try await browser.get(path).headers[values: .setCookie].isEmpty)
            }
        }
    }

    @Test("T44, FL-55: or has its whole time again with each answer, for those who have it and nobody else")
    func refresh() async throws {
        let fixture = try Fixture(["REMEMBER_COOKIE_REFRESH_EACH_REQUEST": "true"])
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch-remember-custom")
            let token = try #require(browser.cookies[Self.name])
            fixture.clock.advance(by: .seconds(600))
            #expect(Self.age(try await browser.get("/username")) == 7 * 3600)
            #expect(browser.cookies[Self.name] == token)
            // A copy that is not the one of the moment is not given longer life.
            let other = token.replacing(/[^.]$/) { $0.output == "A" ? "B" : "A" }
            browser.cookies[Self.name] = other
            #expect(try await browser.get("/username").setCookies(Self.name).isEmpty)
            browser.cookies = [:]
            try await browser.get("/login-notch")
            #expect(try await browser.get("/username").setCookies(Self.name).isEmpty)
        }
    }

    @Test("T48: who comes back is told to listeners once")
    func told() async throws {
        let fixture = try Fixture()
        let stream = fixture.app.manager.events()
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch-remember")
            browser.cookies["session"] = nil
            try await browser.get("/username")
            try await browser.get("/username")
            try await browser.get("/logout")
        }
        var events: [LoginEvent] = []
        for await event in stream {
            events.append(event)
            if event.kind == .rememberEnd { break }
        }
        let back = events.filter { $0.kind == .restoration }
        #expect(back.count == 1 && back.first?.userID == ConformancePerson.notch.id)
    }

    @Test("T50, T51, FL-21, FL-54: after a logout neither the browser nor a copy of its cookies comes back")
    func logout() async throws {
        for path in ["/login-notch-remember", "/login-notch-remember-custom"] {
            let fixture = try Fixture()
            try await fixture.browse { browser async throws in
                try await browser.get(path)
                let copy = browser.cookies
                #expect(try await browser.text("/username") == "Notch")
                let response = try await browser.get("/logout")
                let past = "Expires=Thu, 01 Jan 1970 00:00:00 GMT"
                let deletion = "remember=; \(past); Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
                #expect(response.setCookies(Self.name) == [deletion])
                #expect(try await browser.text("/username") == "Anonymous")
                browser.cookies = copy
                #expect(try await browser.text("/username") == "Anonymous")
                browser.cookies = copy
                browser.cookies["session"] = nil
                #expect(try await browser.text("/username") == "Anonymous")
            }
            #expect(try await fixture.app.manager.rememberedLogins(.all).isEmpty)
        }
    }

    @Test("FL-21: a logout whose session is over already ends what is remembered all the same")
    func logoutWithoutSession() async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch-remember")
            browser.cookies["session"] = nil
            try await browser.get("/logout")
            #expect(browser.cookies.isEmpty)
        }
        #expect(try await fixture.app.manager.rememberedLogins(.all).isEmpty)
        #expect(try await fixture.app.manager.sessions(.all).isEmpty)
    }

    @Test("FL-24: data that an application throws away after a logout take nothing of it along")
    func clearedAfterLogout() async throws {
        try await Fixture().browse { router in
            router.get("/out-and-clear") { _, context in
                try await context.login.logout()
                try await context.login.changeData { data throws(SessionDataProblem) in
                    data = SessionData()
                }
                return ""
            }
        } _: { browser async throws in
            try await browser.get("/login-notch-remember")
            try await browser.get("/out-and-clear")
            #expect(browser.cookies.isEmpty)
        }
    }

    @Test("T59, T80: a confirmation makes a login fresh that was brought back, and it stays remembered")
    func confirm() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-notch-remember")
            #expect(try await browser.text("/very-protected") == "Access Granted")
            browser.cookies["session"] = nil
            #expect(try await browser.get("/very-protected").status == .unauthorized)
            #expect(try await browser.text("/protected") == "Access Granted")
            try await browser.get("/confirm-login")
            #expect(try await browser.text("/is-fresh") == "True")
            #expect(try await browser.text("/is-remembered") == "True")
            #expect(try await browser.text("/very-protected") == "Access Granted")
            // The same without a request in between.
            browser.cookies["session"] = nil
            try await browser.get("/confirm-login")
            #expect(try await browser.text("/is-fresh") == "True")
        }
    }

    @Test(
        "T62, FL-11, FL-26, FL-53: a cookie that is nobody's is as if it were not there, and goes",
        arguments: ["foo", "", "1|0e9e6e9855fbe6df", "f\u{f6}\u{f6}|\u{fc}", String(repeating: "A", count: 87), "a.b"]
    )
    func invalid(_ text: String) async throws {
        try await Fixture().browse { browser async throws in
            browser.cookies = [Self.name: text]
            #expect(try await browser.text("/username") == "Anonymous")
            #expect(browser.cookies.isEmpty)
            browser.cookies = [Self.name: text]
            #expect(try await browser.text("/username?user_id=2") == "Steve")
        }
    }

    @Test("FL-26: a login that is remembered comes before what the request says of itself")
    func beforeLoader() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-notch-remember")
            browser.cookies["session"] = nil
            #expect(try await browser.text("/username?user_id=2") == "Notch")
        }
    }

    @Test(
        "T67, T68, FL-48: another client may bring the login back, and its session is that client's",
        arguments: ["basic", "strong"]
    )
    func protection(_ mode: String) async throws {
        let fixture = try Fixture(["SESSION_PROTECTION": mode])
        let stream = fixture.app.manager.events()
        try await fixture.browse { browser async throws in
            let other: HTTPFields = [.userAgent: "Other/2.0"]
            try await browser.get("/login-notch-remember")
            browser.cookies["session"] = nil
            for _ in 0..<3 { #expect(try await browser.text("/username", other) == "Notch") }
            #expect(try await browser.text("/is-remembered", other) == "True")
            try await browser.get("/logout", other)
        }
        for await event in stream {
            #expect(event.kind != .clientChange && event.reason != SessionEndReason.clientChanged.rawValue)
            if event.kind == .rememberEnd { break }
        }
    }

    @Test("T105, T106, FL-52: names and ids of any script come back")
    func unicode() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-germanjapanese-remember")
            browser.cookies["session"] = nil
            #expect(try await browser.text("/username") == "Müller")
            browser.cookies["session"] = nil
            #expect(try await browser.text("/userid") == "佐藤")
        }
    }

    @Test("FL-20: nobody comes back in a browser in which somebody else has logged in since", arguments: [true, false])
    func somebodyElse(hasSession: Bool) async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch-remember")
            let copy = browser.cookies
            if !hasSession { browser.cookies["session"] = nil }
            try await browser.get("/login-steve")
            #expect(browser.cookies[Self.name] == nil)
            browser.cookies["session"] = nil
            #expect(try await browser.text("/username") == "Anonymous")
            browser.cookies = copy
            #expect(try await browser.text("/username") == "Anonymous")
        }
        #expect(try await fixture.app.manager.rememberedLogins(.all).isEmpty)
    }

    @Test("FL-54: each login has a token of its own, which ends by our clock whatever the browser does")
    func ownEnd() async throws {
        let fixture = try Fixture(["REMEMBER_COOKIE_DURATION": "3600"])
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch-remember")
            let first = browser.cookies[Self.name]
            try await browser.get("/login-notch-remember")
            #expect(browser.cookies[Self.name] != first)
            browser.cookies["session"] = nil
            fixture.clock.advance(by: .seconds(3600))
            #expect(try await browser.text("/username") == "Anonymous")
            #expect(browser.cookies.isEmpty)
        }
    }
}
