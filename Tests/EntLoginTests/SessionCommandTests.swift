import Foundation
import TestBed
import Testing

@Suite("The commands about sessions")
struct SessionCommandTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("login, whoami, logout; afterwards the old token is dead")
    func life() async throws {
        let world = try await LoginWorld()
        let token = world.program.tokenPath
        #expect(try await world.run("whoami").status == 77)
        #expect(try await world.login("alice", "open-alice").status == 0)
        #expect(try mode(token) == 0o600)
        #expect(try mode((token as NSString).deletingLastPathComponent) == 0o700)
        let whoami = try await world.run("whoami")
        #expect(whoami.status == 0)
        #expect(whoami.output.hasPrefix("alice\n  name:     Alice Archer\n"))
        let json = try await world.run("whoami", "--json").json()
        #expect(json["outcome"] as? String == "success")
        #expect(json["is_fresh"] as? Bool == true)
        let session = try #require(json["session"] as? [String: Any])
        #expect((session["expires_at"] as? String)?.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil)
        let kept = try Data(contentsOf: URL(fileURLWithPath: token))
        #expect(try await world.run("logout").output == "Logged out.\n")
        #expect(!FileManager.default.fileExists(atPath: token))
        #expect(try await world.run("logout").status == 77)
        _ = FileManager.default.createFile(atPath: token, contents: kept, attributes: [.posixPermissions: 0o600])
        #expect(try await world.run("whoami").status == 77)
    }

    @Test("A new login takes the place of the one before")
    func replaced() async throws {
        let world = try await LoginWorld()
        _ = try await world.login("alice", "open-alice")
        let first = try Data(contentsOf: URL(fileURLWithPath: world.program.tokenPath))
        _ = try await world.login("bob", "open-bob")
        #expect(try await world.run("whoami").output.hasPrefix("bob\n"))
        #expect((try await world.run("sessions", "list", "--json").json()["sessions"] as? [Any])?.count == 1)
        try first.write(to: URL(fileURLWithPath: world.program.tokenPath))
        #expect(try await world.run("whoami").status == 77)
    }

    @Test("A refused login leaves the kept session alone")
    func kept() async throws {
        let world = try await LoginWorld()
        _ = try await world.login("alice", "open-alice")
        _ = try await world.login("bob", "wrong")
        #expect(try await world.run("whoami").output.hasPrefix("alice\n"))
    }

    /// Logs people in, each with a home of their own, into one store.
    private func crowd(_ names: String...) async throws -> LoginWorld {
        let world = try await LoginWorld()
        for name in names {
            let state = world.program.scratch.path("state-\(UUID().uuidString)")
            let run = try await world.program.run(
                ["login", name, "--password-stdin", "--config", world.path],
                input: "open-\(name)",
                environment: ["XDG_STATE_HOME": state]
            )
            #expect(run.status == 0)
        }
        return world
    }

    private func ids(_ world: LoginWorld, _ user: String...) async throws -> [String] {
        let json = try await world.program.run(["sessions", "list", "--json", "--config", world.path] + user).json()
        let sessions = json["sessions"] as? [[String: Any]] ?? []
        return sessions.compactMap { ($0["session"] as? [String: Any])?["id"] as? String }
    }

    @Test("The operator sees sessions, of all or of one, and ends them by id, by person, and all at once")
    func administration() async throws {
        let world = try await crowd("alice", "alice", "bob", "carol")
        let text = try await world.run("sessions", "list")
        #expect(text.output.split(separator: "\n").count == 5)
        let alices = try await ids(world, "alice")
        #expect(alices.count == 2)
        let one = try await world.run("sessions", "end", alices[0])
        #expect((one.status, one.output) == (0, "1 session has ended.\n"))
        #expect(try await ids(world, "alice") == [alices[1]])
        #expect(try await world.run("sessions", "end", "--user", "bob", "--json").json()["ended"] as? Int == 1)
        #expect(try await ids(world, "bob").isEmpty)
        #expect(try await world.run("sessions", "end", "--all").output == "2 sessions have ended.\n")
        #expect(try await world.run("sessions", "list").errors == "Nobody is logged in.\n")
    }

    @Test("Remembered logins stand in the list, with their session or without, and end by their id")
    func remembered() async throws {
        let world = try await crowd("alice", "bob")
        // As a portal would have made them.
        let script = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute(""\"INSERT INTO remember SELECT randomblob(16), randomblob(32), randomblob(32), NULL, NULL,
                NULL, user_id, login_name, json_extract(person, '$.identity'), facts, created_at, last_seen_at,
                last_seen_at + 86400000 FROM session""\")
            database.execute("UPDATE session SET series = (SELECT id FROM remember "
                "WHERE remember.user_id = session.user_id) WHERE login_name = CAST('alice' AS BLOB)")
            """
        let program = try RunningProgram("python3", ["-c", script, world.program.scratch.path("sessions.sqlite")])
        #expect(await program.finish().status == 0)
        let lines = try await world.run("sessions", "list").output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.count { $0.hasSuffix("command line, remembered") && $0.contains("alice") } == 1)
        #expect(lines.count { $0.hasSuffix("command line, remembered, no session") && $0.contains("bob") } == 1)
        let json = try await world.run("sessions", "list", "--json").json()
        let all = try #require(json["remembered"] as? [[String: Any]])
        #expect(all.count == 2)
        for login in all {
            let end = try await world.run("sessions", "end", try #require(login["id"] as? String))
            #expect((end.status, end.output) == (0, "1 session has ended.\n"))
        }
        #expect(try await ids(world).count == 1)
        #expect(try await world.run("sessions", "list", "alice").errors == "Nobody is logged in.\n")
    }

    @Test("logout --all ends every session of the person and of nobody else")
    func logoutAll() async throws {
        let world = try await crowd("alice", "bob")
        _ = try await world.login("alice", "open-alice")
        #expect(try await world.run("logout", "--all").output == "Logged out; 2 sessions have ended.\n")
        #expect(try await ids(world).count == 1)
    }

    @Test("A session that is not there is a no, and a word that cannot be an id is a mistake")
    func unknown() async throws {
        let world = try await crowd("alice")
        let nobody = String(repeating: "0", count: 32)
        let run = try await world.run("sessions", "end", nobody, "--json")
        #expect(run.status == 77)
        #expect(try run.json()["unknown"] as? [String] == [nobody])
        for arguments in [["x"], [], ["--all", "--user", "alice"], [nobody, "--all"]] {
            let command = ["sessions", "end", "--config", world.path] + arguments
            #expect(try await world.program.run(command).status == 64)
        }
        #expect(try await ids(world).count == 1)
    }

    @Test("Many commands at once wait for one another")
    func parallel() async throws {
        let world = try await crowd("alice")
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<6 { group.addTask { try await world.run("sessions", "list").status } }
            for try await status in group { #expect(status == 0) }
        }
    }

    @Test("Without a store that outlives a command there is nothing to show")
    func memory() async throws {
        var options = LoginWorld.Options()
        options.store = "memory"
        let world = try await LoginWorld(options)
        let run = try await world.login("alice", "open-alice")
        #expect(run.status == 78)
        #expect(run.errors.contains("session.store"))
        #expect(try await world.run("sessions", "list").status == 78)
    }

    @Test("What is no token is none, and what is no ordinary file is to be removed")
    func strangeTokens() async throws {
        let world = try await LoginWorld()
        let token = world.program.tokenPath
        #expect(try await world.login("alice", "open-alice").status == 0)
        for bytes in [0, 43, 3000, 5000] {
            try world.program.scratch.write(String(repeating: "\u{1}", count: bytes), to: "state/ent-login/token")
            #expect(try await world.run("whoami").status == 77, "\(bytes)")
        }
        #expect(try await world.login("alice", "open-alice").status == 0)
        let target = world.program.scratch.path("target")
        try FileManager.default.moveItem(atPath: token, toPath: target)
        for make in [
            { try FileManager.default.createDirectory(atPath: token, withIntermediateDirectories: false) },
            { try FileManager.default.createSymbolicLink(atPath: token, withDestinationPath: target) },
        ] {
            try make()
            for run in [try await world.run("whoami"), try await world.login("alice", "open-alice")] {
                #expect(run.status == 78)
                #expect(run.errors == "\(token) is no ordinary file: remove it.\n")
            }
            try FileManager.default.removeItem(atPath: token)
        }
    }

    @Test("Files that others may read are refused, with the chmod that is missing")
    func permissions() async throws {
        let world = try await LoginWorld()
        _ = try await world.login("alice", "open-alice")
        let token = world.program.tokenPath
        let store = world.program.scratch.path("sessions.sqlite")
        for (path, command) in [(token, ["whoami"]), (store, ["sessions", "list"])] {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let run = try await world.program.run(command + ["--config", world.path])
            #expect(run.status == 78)
            #expect(run.errors.contains("chmod 600"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        #expect(try await world.run("whoami").status == 0)
    }
}
