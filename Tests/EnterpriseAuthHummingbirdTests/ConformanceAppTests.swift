import EnterpriseAuth
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestBed
import Testing

@testable import EnterpriseAuthHummingbird
@testable import conformance_app

@Suite("conformance-app")
struct ConformanceAppTests {
    /// The built program, which the build puts beside the test bundle.
    private static func path() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("conformance-app").path
    }

    @Test("serves the fixture on loopback with the settings of its environment, until SIGTERM")
    func serves() async throws {
        let port = try FreePort.find()
        let environment = ["LOGIN_VIEW": "/login", "SESSION_COOKIE_NAME": "sid"]
        let program = try RunningProgram(try Self.path(), ["--port", "\(port)"], environment: environment)
        let deadline = ContinuousClock.now + .seconds(30)
        while !program.errors.contains("listening on"), !program.output.contains("listening on") {
            guard ContinuousClock.now < deadline else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
            let refused = try await client.get("/protected")
            #expect(refused.status == .found)
            #expect(refused.headers[.location] == "/login?next=%2Fprotected")
            let login = try await client.get("/login-notch")
            let cookie = try #require(login.headers[values: .setCookie].first { $0.hasPrefix("sid=") })
            #expect(!cookie.contains("Secure"))
            let pair = String(cookie.prefix { $0 != ";" })
            let name = try await client.get("/username", headers: [.cookie: pair])
            #expect(name.body.map { String(buffer: $0) } == "Notch")
        }
        program.signal(SIGTERM)
        let run = await program.finish(limit: .seconds(30))
        #expect(run.status == 0, "\(run.output) \(run.errors)")
    }

    @Test("says how it is to be called", arguments: [["--port"], ["--port", "x"], ["--port", "70000"], ["8080"]])
    func usage(_ arguments: [String]) async throws {
        let run = try await Command.run(try Self.path(), arguments)
        #expect(run.status == 64)
        #expect(run.output.contains("usage: conformance-app [--port N]"))
    }

    @Test(
        "T39, T41, FL-03, FL-45, FL-50: does not start with a value that cannot be meant, and names it",
        arguments: [
            ("REMEMBER_COOKIE_DURATION", "12x"), ("REMEMBER_COOKIE_DURATION", "-1"),
            ("USE_SESSION_FOR_NEXT", "perhaps"),
            ("SESSION_PROTECTION", "very"), ("TRUSTED_PROXIES", "nowhere"),
            ("REMEMBER_COOKIE_REFRESH_EACH_REQUEST", "2"), ("REMEMBER_COOKIE_PATH", "nowhere"),
            ("REMEMBER_COOKIE_SAMESITE", "None"), ("REMEMBER_COOKIE_HTTPONLY", "False"),
            ("REMEMBER_COOKIE_SECURE", "maybe"), ("REMEMBER_COOKIE_NAME", "session"),
        ]
    )
    func mistakes(_ name: String, _ value: String) async throws {
        let run = try await Command.run(try Self.path(), environment: [name: value])
        #expect(run.status == 78)
        #expect(run.output.contains("\(name)=\(value)"))
    }

    @Test("T38: whole seconds are a duration")
    func duration() throws {
        #expect(try ConformanceSettings(["REMEMBER_COOKIE_DURATION": "172800"]).remember.lifetime == .seconds(172_800))
    }
}
