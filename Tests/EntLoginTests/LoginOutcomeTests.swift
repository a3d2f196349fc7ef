import EnterpriseAuth
import Foundation
import TestBed
import Testing

@Suite("login")
struct LoginOutcomeTests {
    /// What the command should come to for a person of the test bed.
    private static func expected(_ person: TestPerson) -> (status: Int32, outcome: String, text: String) {
        switch person.outcome {
        case .active: (0, "success", "")
        case .change: (77, "password_change_required", "The password must be changed.")
        case .ambiguous: (75, "unavailable", Outage.publicText)
        case .inactive, .locked, .disabled, .expired, .wrongPassword, .noIdentity:
            (77, "refused", Refusal.publicText)
        }
    }

    private static let people = TestPerson.all(.openldap)
    /// The test bed's stacks know nobody by these names, or keep no state that would tell.
    private static let pamPeople = people.filter { $0.outcome != .wrongPassword && $0.outcome != .noIdentity }

    @Test("Everybody of the directory gets the answer of their case: exit code, text, JSON", arguments: people)
    func ldap(person: TestPerson) async throws {
        try await check(person, try await LoginWorld())
    }

    @Test("One line of the file changes, and PAM gives the same answers", arguments: pamPeople)
    func pam(person: TestPerson) async throws {
        let stacks = try await PAMStacks()
        try await check(person, try await LoginWorld(.init(provider: "pam"), stacks: stacks))
    }

    private func check(_ person: TestPerson, _ world: LoginWorld) async throws {
        let expected = Self.expected(person)
        let json = try await world.login(person.user, person.password, "--json")
        #expect(json.status == expected.status, "\(person): \(json.output)\(json.errors)")
        #expect(try json.json()["outcome"] as? String == expected.outcome)
        guard expected.status != 0 else {
            let user = try #require(try json.json()["user"] as? [String: Any])
            #expect((user["id"] as? String)?.hasPrefix("corp:") == true)
            #expect(FileManager.default.fileExists(atPath: world.program.tokenPath))
            return
        }
        #expect(try json.json()["message"] as? String == expected.text)
        let text = try await world.login(person.user, person.password)
        #expect(text.status == expected.status)
        #expect(text.output.isEmpty)
        #expect(text.errors == expected.text + "\n")
        #expect(!FileManager.default.fileExists(atPath: world.program.tokenPath))
    }

    @Test("A wrong password and an unknown name look exactly like a suspended person's right one")
    func alike() async throws {
        let world = try await LoginWorld()
        let suspended = try await world.login("sam", "open-sam", "--json")
        for (user, password) in [("alice", "wrong"), ("nobody-of-that-name", "open-alice"), ("lock", "open-lock")] {
            let other = try await world.login(user, password, "--json")
            #expect(other.status == 77)
            #expect(other.output == suspended.output)
            #expect(other.errors == suspended.errors)
        }
    }

    @Test("Whatever it is typed like, it is one person with one id")
    func canonical() async throws {
        let world = try await LoginWorld()
        var ids: Set<String> = []
        for typed in ["alice", "ALICE ", "Alice"] {
            let user = try #require(
                try await world.login(typed, "open-alice", "--json").json()["user"] as? [String: Any]
            )
            #expect(user["login_name"] as? String == "alice")
            ids.insert(try #require(user["id"] as? String))
        }
        #expect(ids.count == 1)
    }

    @Test(
        "Never a yes, whatever the name",
        arguments: [
            "*", "al*", "alice)(uid=*", "alice,ou=other", "alice\\2a", "uid=alice", "", "\u{1}alice", "alice\n",
            String(repeating: "a", count: 10_000),
        ]
    )
    func names(user: String) async throws {
        let run = try await LoginWorld().login(user, "open-alice")
        #expect(run.status == 77)
        #expect(run.errors == Refusal.publicText + "\n")
    }

    @Test("A name that is not UTF-8 is refused like any other")
    func brokenName() async throws {
        let world = try await LoginWorld()
        let program = EntLoginProgram.path
        let script = #"printf open-alice | "$0" login --password-stdin --config "$1" "$(printf 'al\377ice')""#
        let run = try await Command.run(
            "/bin/sh",
            ["-c", script, program, world.path],
            environment: world.program.environment
        )
        #expect(run.status == 77)
        #expect(run.errors == Refusal.publicText + "\n")
    }

    @Test(
        "Never a yes, whatever the password",
        arguments: [
            [], Array("    ".utf8), Array("open-alice\0".utf8), Array("open\0-alice".utf8), Array(" open-alice".utf8),
            Array("open-alice ".utf8), Array("open-alice\r\n".utf8), [0xFF, 0xFE], Array("\nopen-alice".utf8),
            [UInt8](repeating: 0x61, count: 10_000), [UInt8](repeating: 0x61, count: 40_000),
        ] as [[UInt8]]
    )
    func passwords(bytes: [UInt8]) async throws {
        let world = try await LoginWorld()
        let arguments = ["login", "alice", "--password-stdin", "--config", world.path]
        let run = try await world.program.run(arguments, inputBytes: bytes)
        #expect(run.status == 77)
        #expect(run.errors == Refusal.publicText + "\n")
    }

    @Test("The password ends with the first line, and may be spaces")
    func firstLine() async throws {
        let world = try await LoginWorld()
        #expect(try await world.login("alice", "open-alice\nand more").status == 0)
        #expect(try await world.login("spaces", "    ").status == 0)
    }

    @Test("What the source wants the person to know is told beside the answer")
    func notices() async throws {
        let world = try await LoginWorld()
        let run = try await world.login("soon", "open-soon")
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("Logged in as soon"))
        #expect(run.errors.contains("The password expires in"))
        let json = try await world.login("soon", "open-soon", "--json").json()
        let notice = try #require((json["notices"] as? [[String: Any]])?.first)
        #expect(notice["kind"] as? String == "password_expires")
        #expect((notice["seconds"] as? Int).map { $0 > 0 } == true)
    }

    @Test("A question that nobody can answer ends with 77 and says what was asked")
    func challenge() async throws {
        let stacks = try await PAMStacks()
        let world = try await LoginWorld(.init(provider: "pam", stack: "password-then-code"), stacks: stacks)
        let run = try await world.login("alice", "open-alice", "--json")
        #expect(run.status == 77)
        #expect(try run.json()["outcome"] as? String == "challenge")
        #expect((try run.json()["message"] as? String)?.contains("One-time code:") == true)
    }

    @Test("--password-stdin needs a name, and a login without it a terminal")
    func usage() async throws {
        let world = try await LoginWorld()
        #expect(try await world.run("login", "--password-stdin").status == 64)
        let script = #"exec setsid "$0" login alice --config "$1" </dev/null"#
        let run = try await Command.run(
            "/bin/sh",
            ["-c", script, EntLoginProgram.path, world.path],
            environment: world.program.environment
        )
        #expect(run.status == 64)
        #expect(run.errors.contains("--password-stdin"))
    }

    @Test("A password that cannot be read is no matter of a terminal", arguments: ["&-", "/"])
    func unreadable(input: String) async throws {
        let world = try await LoginWorld()
        let run = try await Command.run(
            "/bin/sh",
            [
                "-c", #"exec "$0" login alice --password-stdin --config "$1" <"# + input, EntLoginProgram.path,
                world.path,
            ],
            environment: world.program.environment
        )
        #expect(run.status == 64)
        #expect(run.errors.contains("The password cannot be read from the standard input."))
    }

    @Test("A group of the rule that does not exist is a mistake for login and for check alike; silence is an outage")
    func missingGroup() async throws {
        let world = try await LoginWorld(.init(all: "no-such-group"))
        let check = try await world.run("check", "--live")
        let login = try await world.login("alice", "open-alice")
        for run in [check, login] {
            #expect(run.status == 78, "\(run.output)\(run.errors)")
            #expect((run.output + run.errors).contains("no-such-group"))
        }
        #expect(try await world.login("alice", "open-alice", "--json").json()["outcome"] as? String == "misconfigured")
        let dead = "ldap://127.0.0.1:\(try FreePort.find())"
        let silent = try await LoginWorld(.init(urls: [dead], all: "no-such-group"))
        #expect(try await silent.login("alice", "open-alice").status == 75)
    }
}
