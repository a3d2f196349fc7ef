import EnterpriseAuth
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

/// Flask-Login's tests of session protection; T and its number is the test's in `docs/flask-login.md`.
@Suite("Flask-Login: session protection")
struct UpstreamProtectionTests {
    private static let other: HTTPFields = [.userAgent: "Other/2.0"]

    @Test("T63, T64: the client that logged in stays logged in and fresh", arguments: ["basic", "strong"])
    func sameClient(_ protection: String) async throws {
        try await Fixture(["SESSION_PROTECTION": protection]).browse { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/username") == "Notch")
            #expect(try await browser.text("/is-fresh") == "True")
        }
    }

    @Test("T65, T66, T69, T70, FL-46: in basic another User-Agent is not fresh, and that is told once")
    func basic() async throws {
        let fixture = try Fixture(["SESSION_PROTECTION": "basic"])
        let stream = fixture.app.manager.events()
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/username", Self.other) == "Notch")
            #expect(try await browser.text("/is-fresh", Self.other) == "False")
            // The one that logged in is no better now, until the password is given again.
            #expect(try await browser.text("/is-fresh") == "False")
            try await browser.get("/logout")
        }
        var iterator = stream.makeAsyncIterator()
        let kinds = [await iterator.next()?.kind, await iterator.next()?.kind, await iterator.next()?.kind]
        #expect(kinds == [.login, .clientChange, .sessionEnd])
    }

    @Test("T71, T72, FL-47: in strong another User-Agent ends the session, and that is told once")
    func strong() async throws {
        let fixture = try Fixture(["SESSION_PROTECTION": "strong"])
        let stream = fixture.app.manager.events()
        try await fixture.browse { browser async throws in
            try await browser.get("/login-notch")
            #expect(try await browser.text("/username", Self.other) == "Anonymous")
            #expect(try await browser.text("/username") == "Anonymous")
        }
        var iterator = stream.makeAsyncIterator()
        _ = await iterator.next()
        let event = await iterator.next()
        #expect(event?.kind == .sessionEnd && event?.reason == "client_changed")
    }

    @Test("FL-45: a word that is no protection is refused at the start, not taken for none")
    func unknownMode() throws {
        #expect(throws: ConformanceSettings.Mistake.self) { try ConformanceSettings(["SESSION_PROTECTION": "Stron"]) }
        #expect(try ConformanceSettings(["SESSION_PROTECTION": "Strong"]).protection == .strong)
    }

    @Test("T46, T47, T73, FL-44: X-Forwarded-For is the client behind a trusted proxy, and nothing elsewhere")
    func forwardedFor() async throws {
        @Sendable func header(_ value: String) -> HTTPFields { [.forwardedFor: value] }
        let settings = ["SESSION_PROTECTION": "strong", "TRUSTED_PROXIES": "127.0.0.1,::1"]
        let app = try Fixture(settings).app
        try await server(app).test(.live) { client in
            let browser = Browser(client)
            try await browser.get("/login-notch", header("192.0.2.1"))
            #expect(try await browser.text("/username", header("192.0.2.1")) == "Notch")
            // Whatever the client itself wrote farther left is not believed.
            #expect(try await browser.text("/username", header("198.51.100.9, 192.0.2.1")) == "Notch")
            #expect(try await browser.text("/username", header("192.0.2.1, 198.51.100.9")) == "Anonymous")
        }
        let plain = try Fixture(["SESSION_PROTECTION": "strong"]).app
        try await server(plain).test(.live) { client in
            let browser = Browser(client)
            try await browser.get("/login-notch", header("192.0.2.1"))
            #expect(try await browser.text("/username", header("198.51.100.9")) == "Notch")
        }
    }

    private func server(_ app: ConformanceApp) -> some ApplicationProtocol {
        Application(router: app.router())
    }
}
