import EnterpriseAuth
import Foundation
import TestBed
import Testing

@Suite("explain and check --live")
struct OperatorCommandTests {
    @Test(
        "explain tells apart what looks the same to the person",
        arguments: [
            ("alice", 0, "active", ""), ("nina", 0, "active", ""), ("sam", 77, "inactive", "suspended"),
            ("simon", 77, "inactive", "suspended"), ("nora", 77, "inactive", "employees"),
            ("disa", 77, "refused", ""), ("lock", 77, "refused", "locked"), ("endo", 77, "refused", ""),
            ("reset", 77, "password_change_required", ""), ("past", 77, "password_change_required", "pwdMaxAge"),
            ("grace", 0, "active", ""), ("nobody-of-that-name", 77, "unknown", ""),
            ("twin", 75, "unavailable", "2 entries"),
        ] as [(String, Int32, String, String)]
    )
    func explain(user: String, status: Int32, outcome: String, reason: String) async throws {
        let world = try await LoginWorld()
        let json = try await world.run("explain", user, "--json")
        #expect(json.status == status)
        let decision = try #require(try json.json()["decision"] as? [String: Any])
        #expect(decision["outcome"] as? String == outcome)
        #expect((decision["reason"] as? String)?.contains(reason) == true || reason.isEmpty, "\(decision)")
        let steps = try #require(try json.json()["steps"] as? [[String: Any]])
        #expect(steps.contains { $0["step"] as? String == "find_user" && $0["duration_ms"] != nil })
        let text = try await world.run("explain", user)
        #expect(text.status == status)
        #expect(text.output.contains("\n\(outcome): "))
    }

    @Test("explain shows the way that led to a group")
    func way() async throws {
        let run = try await LoginWorld().run("explain", "nina")
        #expect(run.output.contains(#/group:    employees  through .* > /#))
    }

    @Test("check --live walks the whole way, and says that all is well")
    func good() async throws {
        let stacks = try await PAMStacks()
        let world = try await LoginWorld(.init(provider: "pam"), stacks: stacks)
        let run = try await world.run("check", "--live", "--json")
        #expect(run.status == 0, "\(run.output)")
        #expect(try run.json()["outcome"] as? String == "success")
        let steps = try #require(try run.json()["steps"] as? [[String: Any]]).compactMap { $0["step"] as? String }
        for step in ["connect", "service_bind", "find_user", "groups", "rule_group", "stranger"] {
            #expect(steps.contains(step))
        }
        #expect(try await world.run("check", "--live").output.hasSuffix("everything answers as it should\n"))
    }

    @Test("A login tells its steps when it is asked to, on the standard error")
    func steps() async throws {
        let world = try await LoginWorld()
        let quiet = try await world.login("alice", "open-alice")
        #expect(quiet.errors.isEmpty)
        let run = try await world.login("alice", "open-alice", "-vv")
        #expect(run.output == quiet.output)
        for step in ["find_user: found", "bind: ", "groups: ", "rule: active"] { #expect(run.errors.contains(step)) }
    }

    @Test("A group that the directory does not have is a mistake, with its place in the file")
    func missingGroup() async throws {
        var options = LoginWorld.Options()
        options.all = "employes"
        let world = try await LoginWorld(options)
        let run = try await world.run("check", "--live")
        #expect(run.status == 78)
        #expect(run.errors.contains("employes"))
        #expect(run.errors.contains("\(world.path):"))
        // And nobody is let in or refused by half of a rule.
        #expect(try await world.login("alice", "open-alice").status == 78)
    }

    @Test("A stack that cannot be trusted keeps login from starting", .enabled(if: Obstacle.root == nil, "needs root"))
    func untrustedStack() async throws {
        let stacks = try await PAMStacks()
        let world = try await LoginWorld(.init(provider: "pam", stack: "no-such-stack"), stacks: stacks)
        #expect(try await world.login("alice", "open-alice").status == 78)
    }

    @Test("Such a stack is found before a script's password is read")
    func unread() async throws {
        let stacks = try await PAMStacks()
        try stacks.write("half", "auth required pam_permit.so")
        let world = try await LoginWorld(.init(provider: "pam", stack: "half"), stacks: stacks)
        // A pipe whose other end stays open, and never says anything.
        let script = #"mkfifo "$2" && exec 3<>"$2" && exec "$0" login alice --password-stdin --config "$1" <&3"#
        let run = try await Command.run(
            "/bin/sh",
            ["-c", script, EntLoginProgram.path, world.path, world.program.scratch.path("pipe")],
            environment: world.program.environment
        )
        #expect(run.status == 78, "\(run.errors)")
        #expect(run.errors.contains("has no 'account' line"))
    }

    @Test("One server of two that is down is named, and nothing else is wrong")
    func oneDown() async throws {
        let port = try FreePort.find()
        let server = try await SlapdServer.shared()
        let world = try await LoginWorld(.init(urls: ["ldap://127.0.0.1:\(port)", server.ldapURL]))
        let run = try await world.run("check", "--live")
        #expect(run.status == 75)
        #expect(run.errors.contains("127.0.0.1:\(port)"))
        #expect(try await world.login("alice", "open-alice").status == 0)
    }
}
