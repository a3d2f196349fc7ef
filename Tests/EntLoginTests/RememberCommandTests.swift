import Foundation
import TestBed
import Testing

@Suite("Logins that outlive the session, on the command line")
struct RememberCommandTests {
    private static func world(_ more: String = "") async throws -> LoginWorld {
        try await LoginWorld(.init(more: "[remember]\nenabled = true\n\(more)"))
    }

    private static func file(_ world: LoginWorld) -> String {
        (world.program.tokenPath as NSString).deletingLastPathComponent + "/remember"
    }

    private static func contents(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

    private static func restore(_ data: Data?, to path: String) {
        _ = FileManager.default.createFile(atPath: path, contents: data, attributes: [.posixPermissions: 0o600])
    }

    /// Lets the sessions run out, as time would.
    private static func age(_ world: LoginWorld) async throws {
        let script = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("UPDATE session SET expires_at = 1")
            """
        let program = try RunningProgram("python3", ["-c", script, world.program.scratch.path("sessions.sqlite")])
        #expect(await program.finish().status == 0)
    }

    @Test("--remember keeps a second token, by which the commands go on when the session is over")
    func life() async throws {
        let world = try await Self.world()
        let login = try await world.login("alice", "open-alice", "--remember")
        #expect(login.status == 0 && login.errors.isEmpty)
        let file = Self.file(world)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let first = try #require(Self.contents(file))
        #expect(try await world.run("whoami").status == 0)
        #expect(Self.contents(file) == first)
        try await Self.age(world)
        let whoami = try await world.run("whoami", "--json")
        #expect(whoami.status == 0)
        #expect(try whoami.json()["is_fresh"] as? Bool == false)
        #expect(Self.contents(file) != first)
        #expect(try await world.run("sessions", "list").output.contains("remembered"))
        let kept = Self.contents(file)
        #expect(try await world.run("logout").output == "Logged out.\n")
        #expect(Self.contents(file) == nil && Self.contents(world.program.tokenPath) == nil)
        Self.restore(kept, to: file)
        #expect(try await world.run("whoami").status == 77)
        #expect(Self.contents(file) == nil)
    }

    @Test("logout after the session ran out ends what is remembered too", arguments: [false, true])
    func logoutLater(everywhere: Bool) async throws {
        let world = try await Self.world()
        _ = try await world.login("alice", "open-alice", "--remember")
        let kept = Self.contents(Self.file(world))
        try await Self.age(world)
        let run = try await everywhere ? world.run("logout", "--all") : world.run("logout")
        #expect(run.status == 0 && run.output == "Logged out.\n", "\(run.output) \(run.errors)")
        Self.restore(kept, to: Self.file(world))
        #expect(try await world.run("whoami").status == 77)
        #expect(try await world.run("sessions", "list").errors == "Nobody is logged in.\n")
    }

    @Test("another login ends what was remembered before, whosever it was")
    func replaced() async throws {
        let world = try await Self.world()
        _ = try await world.login("alice", "open-alice", "--remember")
        let kept = Self.contents(Self.file(world))
        try await Self.age(world)
        #expect(try await world.login("bob", "open-bob").status == 0)
        #expect(Self.contents(Self.file(world)) == nil)
        #expect(try await world.run("whoami").output.hasPrefix("bob\n"))
        #expect(try await world.run("sessions", "list", "alice").errors == "Nobody is logged in.\n")
        Self.restore(kept, to: Self.file(world))
        try await Self.age(world)
        #expect(try await world.run("whoami").status == 77)
    }

    @Test("a copy that was used ends the login, and the person is told")
    func theft() async throws {
        let world = try await Self.world("grace = \"0s\"")
        _ = try await world.login("alice", "open-alice", "--remember")
        let copy = Self.contents(Self.file(world))
        try await Self.age(world)
        #expect(try await world.run("whoami").status == 0)
        Self.restore(copy, to: Self.file(world))
        try await Self.age(world)
        let run = try await world.run("whoami")
        #expect(run.status == 77 && run.errors.contains("used from somewhere else"))
        #expect(try await world.run("sessions", "list").errors == "Nobody is logged in.\n")
    }

    @Test("where the configuration remembers nobody, --remember is 78 before anybody is asked for a password")
    func disabled() async throws {
        let world = try await LoginWorld()
        let run = try await world.run("login", "alice", "--remember")
        #expect(run.status == 78 && run.errors.contains("remember.enabled is false"))
    }
}
