import EnterpriseAuth
import EnterpriseAuthTesting
import Foundation
import HostSystem
import LocalSocket
import TestBed
import Testing

@Suite("Commands beside a running portal", .timeLimit(.minutes(3)))
struct PortalCommandTests {
    @Test("Everything that a person does goes through the portal, at once")
    func wholeStory() async throws {
        let world = try PortalWorld()
        try await world.start()
        let login = try await world.login("alice")
        #expect(login.status == 0, "\(login.errors)")
        #expect(login.output == "Logged in as alice (The alice).\n")
        let who = try await world.run("whoami", "--json").json()
        let id = try #require((who["session"] as? [String: Any])?["id"] as? String)
        let manager = try #require(world.manager)
        #expect(try await manager.sessions(.all).map(\.id.description) == [id])
        #expect(try await world.run("sessions", "list").output.contains("\(id)  alice"))

        // A second login takes the place of the first.
        #expect(try await world.login("alice").status == 0)
        let sessions = try await manager.sessions(.all)
        #expect(sessions.count == 1)
        #expect(sessions.first?.id.description != id)

        let all = try await world.run("logout", "--all")
        #expect(all.output == "Logged out.\n")
        #expect(try await manager.sessions(.all).isEmpty)
        #expect(try await world.run("whoami").status == 77)
        #expect(try await world.run("logout").status == 77)
    }

    @Test("A wrong password is refused in the same words, and the throttle is the portal's")
    func throttle() async throws {
        let world = try PortalWorld()
        try await world.start()
        for word in ["one", "two"] {
            let wrong = try await world.run("login", "bob", "--password-stdin", input: word)
            #expect(wrong.status == 77)
            #expect(wrong.errors == Refusal.publicText + "\n")
        }
        #expect(try await world.login("bob").status == 77)
        let listed = try await world.run("throttle", "list")
        #expect(listed.output.contains("account  bob"), "\(listed.output)\(listed.errors)")
        let json = try await world.run("throttle", "list", "--json").json()
        #expect((json["entries"] as? [[String: Any]])?.first?["account"] as? String == "bob")
        #expect(try await world.run("throttle", "clear", "--user", "bob").status == 0)
        #expect(try await world.login("bob").status == 0)
    }

    @Test("A session that is ended by a command is dead in the portal when the command returns")
    func ending() async throws {
        let world = try PortalWorld()
        try await world.start()
        let manager = try #require(world.manager)
        let credentials = try Credentials(username: "bob", password: SecretBytes("open-bob".utf8))
        guard case .success(let one) = await manager.login(credentials, client: .local),
            case .success(let two) = await manager.login(credentials, client: .local)
        else { throw TestBedError("bob cannot log in") }
        let unknown = String(repeating: "0", count: 32)
        let ended = try await world.run("sessions", "end", one.session.id.description, unknown)
        #expect(ended.status == 77)
        #expect(ended.output == "1 session has ended.\n")
        #expect(ended.errors == "There is no session \(unknown).\n")
        #expect(await manager.resolve(one.token, client: .local).session == nil)
        #expect(await manager.resolve(two.token, client: .local).session != nil)
        #expect(try await world.run("sessions", "end", "--all", "--json").json()["ended"] as? Int == 1)
        #expect(await manager.resolve(two.token, client: .local).session == nil)
    }

    @Test("Answers for programs are the same with a portal and without")
    func sameAnswers() async throws {
        let world = try PortalWorld()
        try await world.start()
        #expect(try await world.login("alice").status == 0)
        let commands = [["whoami"], ["sessions", "list"], ["throttle", "list"], ["sessions", "list", "bob"]]
        var with: [String] = []
        for command in commands { with.append(try await world.run(as: nil, command + ["--json"]).output) }
        try await world.stop()
        for (command, answer) in zip(commands, with) {
            let without = try await world.run(as: nil, command + ["--json"])
            #expect(without.status == 0)
            #expect(try steady(without.output) == steady(answer))
        }
    }

    /// The answer without what every use changes.
    private func steady(_ json: String) throws -> String {
        json.replacing(try Regex(#""last_seen_at":"[^"]*""#), with: "")
    }

    @Test("Questions come over the portal; without a terminal they are shown, at one they are asked")
    func challenge() async throws {
        let world = try PortalWorld()
        let identity = Identity(
            userID: UserID(source: "corp", value: "c"),
            loginName: "carol",
            provider: "corp",
            source: .directory(name: "corp", dn: "uid=carol")
        )
        let prompt = Challenge.Prompt(text: "One-time code:", echoes: true)
        let challenge = Challenge(id: "1", provider: "corp", messages: [], prompts: [prompt])
        world.provider.add(identity, password: "open-carol", outcome: .challenge(challenge))
        try await world.start()
        let run = try await world.login("carol", "--json")
        #expect(run.status == 77)
        #expect(try run.json()["outcome"] as? String == "challenge")
        #expect((try run.json()["message"] as? String)?.contains("One-time code:") == true)

        world.provider.set(.verified(identity, notices: []), forChallenge: "1")
        let script = ["Password for carol: ", "open-carol", "One-time code: ", "123456", "--", EntLoginProgram.path]
        let asked = try await Command.run(
            Repository.script("at-terminal"),
            script + ["login", "carol", "--config", world.path],
            environment: world.program.environment
        )
        #expect(asked.status == 0, "\(asked.output)")
        #expect(asked.output.contains("Logged in as carol"))
    }

    @Test(
        "Whatever is typed, it arrives byte for byte",
        arguments: [Array(" sp\"a\\ce ✓ ".utf8), [0xFF, 0xFE, 0x01], Array(repeating: 0x61, count: 511)] as [[UInt8]]
    )
    func passwords(bytes: [UInt8]) async throws {
        let world = try PortalWorld()
        try await world.start()
        let arguments = ["login", "dave", "--password-stdin", "--config", world.path]
        let identity = Identity(
            userID: UserID(source: "corp", value: "d"),
            loginName: "dave",
            provider: "corp",
            source: .directory(name: "corp", dn: "uid=dave")
        )
        world.provider.add(identity, passwordBytes: bytes)
        let run = try await world.program.run(arguments, inputBytes: bytes)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test("Reloading tells how it went", arguments: [0, 78, 75])
    func reload(status: Int32) async throws {
        let result: ReloadResult =
            switch status {
            case 0: .reloaded(warnings: ["something is doubtful"])
            case 78: .misconfigured(problems: ["line 7 is wrong"])
            default: .unavailable(problems: ["the directory is silent"])
            }
        let world = try PortalWorld()
        try await world.start(reload: { result })
        let run = try await world.run("reload")
        #expect(run.status == status)
        let text = [0: "something is doubtful", 78: "line 7 is wrong", 75: "the directory is silent"][status] ?? "?"
        #expect(run.errors.contains(text))
        let json = try await world.run("reload", "--json")
        #expect(json.status == status)
        #expect(
            try json.json()["outcome"] as? String == [0: "success", 78: "misconfigured", 75: "unavailable"][status]
        )
    }

    @Test("Nothing can be reloaded where no portal runs, or none is configured")
    func nothingToReload() async throws {
        let none = try await PortalWorld().run("reload")
        #expect(none.status == 75)
        #expect(none.errors.contains("No portal answers at"))
        var options = PortalWorld.Options()
        options.hasPortal = false
        #expect(try await PortalWorld(options).run("reload").status == 78)
    }

    @Test("A portal that has the store and does not listen is an outage that names both")
    func deaf() async throws {
        let world = try PortalWorld()
        try await world.start(listening: false)
        let run = try await world.run("sessions", "list")
        #expect(run.status == 75)
        #expect(run.errors.contains("in use by process"))
        #expect(run.errors.contains("no portal answers at \(world.socket)"))
    }

    @Test("What a killed portal has left keeps nobody from the store")
    func stale() async throws {
        let world = try PortalWorld()
        let script = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
        #expect(try await Command.run("python3", ["-c", script, world.socket]).status == 0)
        #expect(try await world.run("sessions", "list").errors == "Nobody is logged in.\n")
    }

    @Test("Sessions in memory are reached through a portal only")
    func memory() async throws {
        var options = PortalWorld.Options()
        options.store = "memory"
        let world = try PortalWorld(options)
        let alone = try await world.run("sessions", "list")
        #expect(alone.status == 78)
        #expect(alone.errors.contains("start the portal, which answers at \(world.socket)"))
        try await world.start()
        #expect(try await world.login("alice").status == 0)
        #expect(try await world.run("whoami").status == 0)
    }

    @Test("Without a path of its own the socket lies beside the store")
    func besideTheStore() async throws {
        var options = PortalWorld.Options()
        options.portal = ""
        options.store = "sqlite:@DIR@/portal"
        let world = try PortalWorld(options)
        try await world.start()
        #expect(try await world.login("alice").status == 0)
        #expect(try await world.manager?.sessions(.all).count == 1)
    }

    @Test("A path that no socket can have is an error of the configuration", arguments: [true, false])
    func longPath(isGiven: Bool) async throws {
        var options = PortalWorld.Options()
        let long = "/" + String(repeating: "x", count: 110)
        options.portal = isGiven ? "socket = \"\(long)\"" : ""
        if !isGiven { options.store = "sqlite:\(long)" }
        let run = try await PortalWorld(options).run("check")
        #expect(run.status == 78)
        #expect(run.errors.contains("the system takes 107 at most"), "\(run.errors)")
    }

    @Test("A socket that others could have put there gets no password")
    func distrust() async throws {
        let world = try PortalWorld()
        try await world.start()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: world.program.scratch.path)
        let run = try await world.login("alice")
        #expect(run.status == 78)
        #expect(run.errors.contains("is not to be trusted"))
        #expect(world.provider.verifications == 0)
    }

    @Test(
        "Another user of the host logs in, sees and ends their own sessions, and nothing else",
        .enabled(if: Obstacle.root == nil, "\(Obstacle.root ?? "")")
    )
    func anotherUser() async throws {
        let uid: UInt32 = 65_534
        let world = try PortalWorld()
        world.add("nobody", uid: uid)
        try await world.start()
        #expect(try await world.login("alice").status == 0)
        let before = try await world.run(as: uid, ["sessions", "list"])
        #expect(before.errors == "Nobody is logged in.\n")

        let login = try await world.run(as: uid, ["login", "--password-stdin", "bob"], input: "open-bob")
        #expect(login.status == 0, "\(login.errors)")
        let own = try await world.run(as: uid, ["sessions", "list", "--json"]).json()
        let users = (own["sessions"] as? [[String: Any]])?.compactMap { $0["user"] as? [String: Any] }
        #expect(users?.compactMap { $0["login_name"] as? String } == ["bob"])
        #expect(try await world.run(as: uid, ["sessions", "list", "alice"]).status == 77)
        #expect(try await world.run(as: uid, ["sessions", "end", "--all"]).status == 77)
        #expect(try await world.run(as: uid, ["sessions", "end", "--user", "alice"]).status == 77)
        for command in [["reload"], ["throttle", "list"], ["throttle", "clear", "--all"]] {
            let run = try await world.run(as: uid, command)
            #expect(run.status == 77)
            #expect(run.errors.contains("Only root"))
        }
        let manager = try #require(world.manager)
        #expect(try await manager.sessions(.all).count == 2)
        let alice = try #require(try await manager.sessions(.loginName("alice")).first)
        #expect(try await world.run(as: uid, ["sessions", "end", alice.id.description]).status == 77)
        #expect(try await world.run(as: uid, ["sessions", "end", "--user", "bob"]).output == "1 session has ended.\n")
        #expect(try await manager.sessions(.all).map(\.id) == [alice.id])

        // A local person is known by their number, without a token.
        let credentials = try Credentials(username: "nobody", password: SecretBytes("open-nobody".utf8))
        _ = await manager.login(credentials, client: .local)
        let local = try await world.run(as: uid, ["sessions", "list"])
        #expect(local.output.contains("nobody"))
        #expect(!local.output.contains("alice"))
    }

    @Test("Neither passwords nor tokens are in what a command writes")
    func secrecy() async throws {
        let world = try PortalWorld()
        try await world.start()
        let login = try await world.login("alice", "-vv", "--json")
        let token = try String(contentsOfFile: world.program.tokenPath, encoding: .utf8).dropLast()
        #expect(token.count == 43)
        let who = try await world.run("whoami", "-vv")
        let list = try await world.run("sessions", "list", "-vv", "--json")
        for run in [login, who, list] {
            for secret in ["open-alice", String(token)] {
                #expect(!run.output.contains(secret))
                #expect(!run.errors.contains(secret))
            }
        }
    }

    @Test("The portal itself answers, keeps its store, and takes its socket along when it ends")
    func served() async throws {
        var options = PortalWorld.Options()
        let listen = "listen = \"127.0.0.1:\(try FreePort.find())\""
        let inner = "internal_listen = \"127.0.0.1:\(try FreePort.find())\""
        options.portal = "socket = \"@DIR@/portal.socket\"\n\(listen)\n\(inner)"
        let world = try PortalWorld(options)
        let portal = try RunningProgram(
            EntLoginProgram.path,
            ["serve", "--config", world.path],
            environment: world.program.environment
        )
        defer { portal.signal(9) }
        let end = ContinuousClock.now + .seconds(30)
        while !FileManager.default.fileExists(atPath: world.socket) {
            try #require(ContinuousClock.now < end, "\(portal.errors)")
            try await Task.sleep(for: .milliseconds(20))
        }
        let listed = try await world.run("sessions", "list")
        #expect(listed.status == 0)
        #expect(listed.errors == "Nobody is logged in.\n")
        // Nobody answers at its directory.
        #expect(try await world.login("alice").status == 75)
        let reload = try await world.run("reload")
        #expect(reload.status == 0)
        #expect(reload.output == "The portal has read its configuration.\n")
        #expect(reload.errors.contains("directories.corp"), "who does not answer is told")
        portal.signal(15)
        let ended = await portal.finish()
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(!FileManager.default.fileExists(atPath: world.socket))
        #expect(try await world.run("sessions", "list").status == 0)
    }
}
