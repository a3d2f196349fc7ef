import EnterpriseAuth
import Foundation
import TestBed
import Testing

@Suite("When nobody answers", .serialized)
struct OutageTests {
    /// The deadline of three seconds, plus one.
    private static let limit = 4000

    /// Runs a login and holds it to its deadline.
    ///
    /// A machine that is busy with other tests may be late, three times in a row only a program that is.
    private func expectUnavailable(_ world: LoginWorld, _ comment: Comment) async throws {
        var fastest = Int.max
        for _ in 0..<3 where fastest >= Self.limit {
            fastest = min(fastest, try await millisecondsUntilUnavailable(world, comment))
        }
        #expect(fastest < Self.limit, comment)
    }

    /// How long a login takes, by a clock that stands beside the program and not behind other tests.
    private func millisecondsUntilUnavailable(_ world: LoginWorld, _ comment: Comment) async throws -> Int {
        let script = """
            begin=$(date +%s%3N)
            printf open-alice | "$0" login alice --password-stdin --config "$1"
            status=$?
            echo $(($(date +%s%3N) - begin))
            exit $status
            """
        let run = try await Command.run(
            "/bin/sh",
            ["-c", script, EntLoginProgram.path, world.path],
            environment: world.program.environment
        )
        #expect(run.status == 75, comment)
        #expect(run.errors == Outage.publicText + "\n", comment)
        return try #require(Int(run.output.trimmingCharacters(in: .newlines)), comment)
    }

    @Test("A server that says nothing is an outage within the deadline", arguments: ["ldap", "ldaps"])
    func mute(scheme: String) async throws {
        let server = try MuteServer()
        let url = scheme == "ldap" ? server.ldapURL : server.ldapsURL
        try await expectUnavailable(try await LoginWorld(.init(urls: [url], deadline: "3s")), "\(scheme)")
    }

    @Test("A stack that hangs, and one that crashes, are outages within the deadline", arguments: ["slow", "crashing"])
    func stack(name: String) async throws {
        let stacks = try await PAMStacks()
        let options = LoginWorld.Options(provider: "pam", stack: name, deadline: "3s")
        try await expectUnavailable(try await LoginWorld(options, stacks: stacks), "\(name)")
    }

    @Test("The directory stops: logins are unavailable, sessions live on, and all is well when it is back")
    func stopped() async throws {
        let server = try await SlapdServer.start()
        let world = try await LoginWorld(.init(deadline: "3s"), server: server)
        #expect(try await world.login("alice", "open-alice").status == 0)
        let token = try Data(contentsOf: URL(fileURLWithPath: world.program.tokenPath))
        try await server.halt()
        try await expectUnavailable(world, "stopped")
        #expect(try Data(contentsOf: URL(fileURLWithPath: world.program.tokenPath)) == token)
        #expect(try await world.run("whoami").status == 0)
        #expect(try await world.run("explain", "alice").status == 75)
        try await server.restart()
        #expect(try await world.login("alice", "open-alice").status == 0)
        try server.suspend()
        try await expectUnavailable(world, "suspended")
        try server.resume()
        #expect(try await world.login("alice", "open-alice").status == 0)
        await server.stop()
    }
}
