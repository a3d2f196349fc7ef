import Foundation
import TestBed
import Testing

@Suite("The examples", .timeLimit(.minutes(5)))
struct ExampleTests {
    /// A built example, which the build puts beside the test bundle.
    private static func path(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// Runs `getting-started` as a script does.
    private func gettingStarted(_ input: String, url: String? = nil) async throws -> Command {
        let server = try await SlapdServer.shared()
        let scratch = try ScratchDirectory(name: "example")
        defer { scratch.remove() }
        let file = try SampleConfiguration.write(for: server, in: scratch, url: url)
        return try await Command.run(try Self.path("getting-started"), [file], input: input)
    }

    @Test("getting-started logs an active person in and out")
    func success() async throws {
        let alice = TestPerson.named("alice")
        let run = try await gettingStarted("alice\n\(alice.password)\n")
        #expect(run.status == 0, "\(run.output) \(run.errors)")
        #expect(run.output.contains("Logged in as alice."))
        #expect(run.output.contains("employees"))
        #expect(run.output.contains("Logged out."))
        #expect(!(run.output + run.errors).contains(alice.password))
    }

    @Test("getting-started refuses", arguments: ["alice\nnot-her-password\n", "alice\n\n", "alice\n", "\n\n", ""])
    func refusal(_ input: String) async throws {
        let run = try await gettingStarted(input)
        #expect(run.status == 77, "\(run.output) \(run.errors)")
        #expect(!run.output.contains("Logged in"))
    }

    @Test("getting-started says so when nobody answers")
    func outage() async throws {
        let alice = TestPerson.named("alice")
        let run = try await gettingStarted("alice\n\(alice.password)\n", url: "ldap://127.0.0.1:1")
        #expect(run.status == 75, "\(run.output) \(run.errors)")
        #expect(!run.output.contains("Logged in"))
    }

    @Test("getting-started names what is wrong with a file")
    func misconfigured() async throws {
        let run = try await Command.run(try Self.path("getting-started"), ["/nonexistent/ent-login.toml"])
        #expect(run.status == 78, "\(run.output) \(run.errors)")
        #expect(run.output.contains("/nonexistent/ent-login.toml"))
    }

    @Test("custom-provider conforms")
    func customProvider() async throws {
        let run = try await Command.run(try Self.path("custom-provider"))
        #expect(run.status == 0, "\(run.output) \(run.errors)")
    }
}
