import EnterpriseAuth
import EnterpriseAuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

@Suite("Forged requests")
struct CSRFTests {
    private static func addRoutes(_ router: Router<World.Context>) {
        let group = router.group("/app").add(middleware: CSRFProtection())
        group.get("form") { _, context in "csrf_token\" value=\"\(try await context.login.csrfToken())\"" }
        for method in [HTTPRequest.Method.post, .put, .delete, .patch] {
            group.on("do", method: method) { request, _ in
                "done " + String(buffer: try await request.body.collect(upTo: 100_000))
            }
        }
    }

    private func browse(
        _ world: World = World(),
        _ configure: (inout WebLoginSettings) -> Void = { _ in },
        _ body: @Sendable (Browser) async throws -> Void
    ) async throws {
        try await world.browse(configure: configure, routes: Self.addRoutes, body)
    }

    @Test("pass with the token of a page, before the login and after it, and the form arrives whole")
    func token() async throws {
        try await browse { browser async throws in
            let visitor = try await browser.token(of: "/app/form")
            let response = try await browser.post("/app/do", "a=1&csrf_token=\(visitor)&b=2")
            #expect(response.text == "done a=1&csrf_token=\(visitor)&b=2")
            #expect(try await browser.send(.delete, "/app/do", [.forgeryToken: visitor]).status == .ok)
            try await browser.get("/login/alice")
            let person = try await browser.token(of: "/app/form")
            #expect(try await browser.post("/app/do", "csrf_token=\(person)").status == .ok)
            // Each page has a text of its own, and all of them hold as long as the session.
            #expect(try await browser.token(of: "/app/form") != person)
            #expect(try await browser.post("/app/do", "csrf_token=\(person)").status == .ok)
        }
    }

    @Test("are refused without one, and that is recorded", arguments: [HTTPRequest.Method.post, .put, .delete, .patch])
    func noToken(_ method: HTTPRequest.Method) async throws {
        let world = World()
        try await browse(world) { browser async throws in
            try await browser.get("/login/alice")
            let response = try await browser.send(method, "/app/do")
            #expect(response.status == .forbidden)
            #expect(response.text == RequestForgery.publicText + "\n")
        }
        let event = try #require(world.audit.events.last)
        #expect(event.kind == .refusedForgery && event.reason == "no_token")
        #expect(event.detail == "\(method.rawValue) /app/do")
    }

    @Test("are refused with somebody else's token: a visitor's after the login, another person's, a changed one")
    func othersToken() async throws {
        try await browse { browser async throws in
            let visitor = try await browser.token(of: "/app/form")
            let cookies = browser.cookies
            browser.cookies = [:]
            #expect(try await browser.post("/app/do", "csrf_token=\(visitor)").status == .forbidden)
            browser.cookies = cookies
            try await browser.get("/login/alice")
            #expect(try await browser.post("/app/do", "csrf_token=\(visitor)").status == .forbidden)
            let alice = try await browser.token(of: "/app/form")
            try await browser.get("/login/bob")
            #expect(try await browser.post("/app/do", "csrf_token=\(alice)").status == .forbidden)
            let bob = try await browser.token(of: "/app/form")
            for wrong in ["\(bob)A", String(bob.dropLast()), "A" + bob.dropFirst(), "", "%00", "a&csrf_token=\(bob)"] {
                #expect(try await browser.post("/app/do", "csrf_token=\(wrong)").status == .forbidden)
            }
            #expect(try await browser.post("/app/do", "csrf_token=\(bob)").status == .ok)
        }
    }

    @Test(
        "are refused if the browser says that another site sent them, token or not",
        arguments: [
            [HTTPField.Name.secFetchSite: "cross-site"], [.secFetchSite: "same-site"], [.secFetchSite: "bogus"],
            [.origin: "https://evil.example"], [.origin: "null"], [.origin: "https://localhost.evil.example"],
            [.origin: "https://localhost:8443"], [.origin: ""],
        ]
    )
    func otherSite(_ headers: [HTTPField.Name: String]) async throws {
        try await browse { browser async throws in
            let token = try await browser.token(of: "/app/form")
            var fields: HTTPFields = [.forgeryToken: token]
            #expect(try await browser.send(.post, "/app/do", fields).status == .ok)
            for (name, value) in headers { fields[name] = value }
            #expect(try await browser.send(.post, "/app/do", fields).status == .forbidden)
        }
    }

    @Test("pass from our own origin: the one of Host, or the one that is known")
    func ownSite() async throws {
        try await browse { browser async throws in
            let token = try await browser.token(of: "/app/form")
            let own: HTTPFields = [.forgeryToken: token, .origin: "http://localhost", .secFetchSite: "same-origin"]
            #expect(try await browser.send(.post, "/app/do", own).status == .ok)
        }
        let configure: (inout WebLoginSettings) -> Void = { $0.origin = WebOrigin(parsing: "https://wiki.example.org") }
        try await browse(World(), configure) { browser async throws in
            let token = try await browser.token(of: "/app/form")
            let own: HTTPFields = [.forgeryToken: token, .origin: "https://wiki.example.org"]
            #expect(try await browser.send(.post, "/app/do", own).status == .ok)
            let other: HTTPFields = [.forgeryToken: token, .origin: "http://localhost"]
            #expect(try await browser.send(.post, "/app/do", other).status == .forbidden)
        }
    }

    @Test("that are no forms pass with a header that no other site can set")
    func json() async throws {
        try await browse { browser async throws in
            try await browser.get("/login/alice")
            let json: HTTPFields = [.contentType: "application/json"]
            #expect(try await browser.send(.post, "/app/do", json, body: "{}").status == .forbidden)
            for name in [HTTPField.Name.requestedWith, .authorization] {
                var shown = json
                shown[name] = "Bearer x"
                #expect(try await browser.send(.post, "/app/do", shown, body: "{}").status == .ok)
                // What every page can send by itself needs the token.
                for type in ["text/plain", "Multipart/Form-Data; boundary=x", "application/x-www-form-urlencoded "] {
                    shown[.contentType] = type
                    #expect(try await browser.send(.post, "/app/do", shown, body: "{}").status == .forbidden)
                }
            }
            // A browser sends Basic unasked.
            let basic: HTTPFields = [.contentType: "application/json", .authorization: "Basic YTpi"]
            #expect(try await browser.send(.post, "/app/do", basic, body: "{}").status == .forbidden)
        }
    }

    @Test("are read up to a limit only")
    func length() async throws {
        try await browse { browser async throws in
            let token = try await browser.token(of: "/app/form")
            let padding = String(repeating: "x", count: 70_000)
            let response = try await browser.post("/app/do", "csrf_token=\(token)&p=\(padding)")
            #expect(response.status == .contentTooLarge)
        }
    }

    @Test("do not matter where nothing changes")
    func safe() async throws {
        try await browse { browser async throws in
            let response = try await browser.get("/app/form", [.secFetchSite: "cross-site"])
            #expect(response.status == .ok)
        }
    }

    @Test("cannot log anybody in: the tutorial's login form has its token, and ends where it should")
    func tutorial() async throws {
        let fixture = try Fixture(["LOGIN_VIEW": "/login"])
        try await fixture.browse { browser in
            let form = "username=notch&password=password%20of%20notch"
            #expect(try await browser.post("/login", form).status == .forbidden)
            #expect(try await browser.location("/protected") == "/login?next=%2Fprotected")
            let token = try await browser.token(of: "/login?next=%2Fprotected")
            let wrong = try await browser.post("/login", "csrf_token=\(token)&username=notch&password=no")
            #expect(wrong.status == .unauthorized)
            #expect(wrong.text.contains(Refusal.publicText))
            let right = try await browser.post("/login", "csrf_token=\(token)&\(form)&next=%2Fprotected")
            #expect(right.status == .seeOther)
            #expect(right.headers[.location] == "/protected")
            #expect(try await browser.text("/protected") == "Access Granted")
            let out = try await browser.token(of: "/login")
            #expect(try await browser.post("/logout", "").status == .forbidden)
            #expect(try await browser.post("/logout", "csrf_token=\(out)").headers[.location] == "/")
            #expect(try await browser.text("/username") == "Anonymous")
        }
    }

    @Test(
        "FL-42: a login goes to the start page instead of a place that is not ours, and that is recorded",
        arguments: [
            "//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)",
        ]
    )
    func openRedirect(_ place: String) async throws {
        let fixture = try Fixture(["LOGIN_VIEW": "/login"])
        let stream = fixture.app.manager.events()
        try await fixture.browse { browser in
            let token = try await browser.token(of: "/login")
            let encoded = PercentCoding.encoded(place)
            let form = "csrf_token=\(token)&username=notch&password=password+of+notch&next=\(encoded)"
            #expect(try await browser.post("/login", form).headers[.location] == "/")
        }
        var kinds: [LoginEvent.Kind] = []
        for await event in stream.prefix(2) { kinds.append(event.kind) }
        #expect(kinds == [.login, .refusedRedirect])
    }
}
