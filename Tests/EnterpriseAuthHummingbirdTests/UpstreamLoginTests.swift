import EnterpriseAuth
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

/// Flask-Login's tests of logging in and out; T and its number is the test's in `docs/flask-login.md`.
@Suite("Flask-Login: login and logout")
struct UpstreamLoginTests {
    @Test("T2, T3, FL-06: a page that does not ask who somebody is asks nobody and sets nothing")
    func pageWithoutLogin() async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            let seen = try await events(of: fixture.app.web) {
                let response = try await browser.get("/")
                #expect(response.text == "Welcome!")
                #expect(response.headers[values: .setCookie].isEmpty)
                #expect(response.headers[.cacheControl] == nil)
                #expect(response.headers[.vary] == nil)
            }
            #expect(seen.isEmpty)
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    @Test("T7, FL-28: OPTIONS passes both guards, HEAD does not")
    func exemptMethods() async throws {
        try await Fixture().browse { browser async throws in
            for path in ["/protected", "/very-protected"] {
                #expect(try await browser.send(.options, path).status == .ok)
                #expect(try await browser.send(.head, path).status == .unauthorized)
            }
        }
    }

    @Test("T8, T9, T81, T83, FL-25: who has not logged in is anonymous, and no cookie is made for them")
    func anonymous() async throws {
        try await Fixture().browse { browser async throws in
            let response = try await browser.get("/username")
            #expect(response.text == "Anonymous")
            #expect(response.headers[values: .setCookie].isEmpty)
            #expect(try await browser.text("/is-fresh") == "False")
        }
        #expect(CurrentUser.value.isAnonymous)
    }

    @Test("T10, T12, FL-17: a login holds in the same request, is fresh, and is told to listeners once")
    func login() async throws {
        let fixture = try Fixture()
        let logins = fixture.app.manager.events()
        try await fixture.browse { router in
            router.get("/in-one") { _, context in
                let result = try await context.login.login(ConformancePerson.notch)
                guard case .success = result else { return "no" }
                let user = try await context.login.user()
                return "\((user as? ConformancePerson)?.name ?? "nobody") \(try await context.login.isFresh())"
            }
        } _: { browser async throws in
            #expect(try await browser.text("/in-one") == "Notch true")
        }
        var iterator = logins.makeAsyncIterator()
        let event = try #require(await iterator.next())
        #expect(event.kind == .login && event.outcome == .success && event.userID == ConformancePerson.notch.id)
    }

    @Test("T11: a login on a word that is not fresh is not fresh")
    func notFresh() async throws {
        try await Fixture().browse { browser async throws in
            #expect(try await browser.text("/login-notch?fresh=false") == "True")
            #expect(try await browser.text("/username") == "Notch")
            #expect(try await browser.text("/is-fresh") == "False")
        }
    }

    @Test("T13, FL-15: an inactive person does not get in, and nothing is set")
    func inactive() async throws {
        try await Fixture().browse { browser async throws in
            let response = try await browser.get("/login-creeper")
            #expect(response.text == "False")
            #expect(response.headers[values: .setCookie].isEmpty)
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    @Test("T14, FL-16: force lets an inactive person in, who then meets 403 and not the login page")
    func forced() async throws {
        try await Fixture(["LOGIN_VIEW": "/login"]).browse { browser async throws in
            #expect(try await browser.text("/login-creeper?force") == "True")
            #expect(try await browser.text("/username") == "Creeper")
            #expect(try await browser.get("/protected").status == .forbidden)
        }
    }

    @Test("T17, T31, FL-21: logging out holds in the same request and in the next")
    func logout() async throws {
        try await Fixture().browse { router in
            router.get("/out-and-ask") { _, context in
                try await context.login.logout()
                return try await context.login.user().isAnonymous.word
            }
        } _: { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/out-and-ask") == "True")
            #expect(browser.cookies.isEmpty)
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    @Test("T18, T19: the end of a session is told once; where there was none there is nothing to tell")
    func logoutEvent() async throws {
        let fixture = try Fixture()
        let stream = fixture.app.manager.events()
        try await fixture.browse { browser async throws in
            #expect(try await browser.text("/logout") == "True")
            try await browser.get("/login-notch")
            try await browser.get("/logout")
            try await browser.get("/login-steve")
        }
        var iterator = stream.makeAsyncIterator()
        var kinds: [LoginEvent.Kind] = []
        while kinds.count < 3, let event = await iterator.next() { kinds.append(event.kind) }
        #expect(kinds == [.login, .sessionEnd, .login])
    }

    @Test("T30, FL-06: a login persists, and the loader is asked once a request and only when somebody asks")
    func persists() async throws {
        let calls = Counter()
        let fixture = try Fixture(userLoader: { id in
            calls.add()
            return ConformancePerson.all.first { $0.id == id }
        })
        try await fixture.browse { router in
            router.get("/twice") { _, context in
                let first = try await context.login.user()
                let second = try await context.login.user()
                return (first.id == second.id).word
            }
        } _: { browser async throws in
            try await browser.get("/login-notch")
            try await browser.get("/")
            #expect(calls.count == 0)
            #expect(try await browser.text("/username") == "Notch")
            #expect(calls.count == 1)
            #expect(try await browser.text("/twice") == "True")
            #expect(calls.count == 2)
        }
    }

    @Test("T32, FL-07, FL-08: whom the loader does not know any more is logged out for good")
    func gone() async throws {
        let isThere = Switch(true)
        let fixture = try Fixture(userLoader: { id in
            isThere.value ? ConformancePerson.all.first { $0.id == id } : nil
        })
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch")
            isThere.value = false
            #expect(try await browser.text("/username") == "Anonymous")
            isThere.value = true
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    @Test("T61, T74, T75, FL-57: a request that changes nothing sets no cookie, logged in or not")
    func notModified() async throws {
        for protection in ["none", "basic", "strong"] {
            try await Fixture(["SESSION_PROTECTION": protection]).browse { browser async throws in
                #expect(try await browser.get("/empty_session").headers[values: .setCookie].isEmpty)
                #expect(try await browser.get("/username").headers[values: .setCookie].isEmpty)
                try await browser.get("/login-notch")
                #expect(try await browser.get("/username").headers[values: .setCookie].isEmpty)
            }
        }
    }

    @Test("T76, FL-25: the user is told to be asked for once a request, and only where it is")
    func accessed() async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            let seen = try await events(of: fixture.app.web) {
                try await browser.get("/")
                try await browser.get("/username")
            }
            #expect(seen.count == 1)
            guard case .accessed = seen.first else {
                Issue.record("something else: \(seen)")
                return
            }
        }
    }

    @Test("FL-52: names and ids of any script persist in a session")
    func unicode() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-germanjapanese")
            #expect(try await browser.text("/username") == "Müller")
            #expect(try await browser.text("/userid") == "佐藤")
        }
    }

    @Test("FL-19, FL-22: a login over another's session ends that session")
    func loginOverAnother() async throws {
        let fixture = try Fixture()
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch")
            let notch = browser.cookies
            try await browser.get("/set-data?value=mine")
            try await browser.get("/login-steve")
            #expect(try await browser.text("/username") == "Steve")
            // FL-22: nothing of it is left for the other.
            #expect(try await browser.text("/data") == "")
            #expect(browser.cookies["session"] != notch["session"])
            browser.cookies = notch
            #expect(try await browser.text("/username") == "Anonymous")
        }
        #expect(try await fixture.app.manager.sessions(.all).count == 1)
    }

    @Test("FL-21: a copy of the cookie is worth nothing after the logout")
    func replay() async throws {
        try await Fixture().browse { browser async throws in
            try await browser.get("/login-notch")
            let copy = browser.cookies
            try await browser.get("/logout")
            browser.cookies = copy
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }
}
