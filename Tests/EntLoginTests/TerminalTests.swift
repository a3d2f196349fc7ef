import EnterpriseAuth
import Foundation
import TestBed
import Testing

@Suite("login at a terminal")
struct TerminalTests {
    private func atTerminal(_ world: LoginWorld, _ script: [String], _ command: [String]) async throws -> Command {
        let program = [EntLoginProgram.path] + command + ["--config", world.path, "--no-color"]
        return try await Command.run(
            Repository.script("at-terminal"),
            script + ["--"] + program,
            environment: world.program.environment
        )
    }

    @Test("Name and password are asked, and the password is not shown")
    func prompts() async throws {
        let world = try await LoginWorld()
        let run = try await atTerminal(
            world,
            ["User name: ", "alice", "Password for alice: ", "open-alice"],
            ["login"]
        )
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("User name: alice"))
        #expect(run.output.contains("Logged in as alice"))
        #expect(!run.output.contains("open-alice"))
        #expect(try await world.run("whoami").output.hasPrefix("alice\n"))
    }

    @Test("A wrong password is refused at a terminal too")
    func refused() async throws {
        let world = try await LoginWorld()
        let run = try await atTerminal(world, ["Password for alice: ", "not-this-one"], ["login", "alice"])
        #expect(run.status == 77)
        #expect(run.output.contains(Refusal.publicText))
        #expect(!run.output.contains("not-this-one"))
    }

    @Test(
        "Nobody is asked for a password that cannot be of use",
        arguments: [("half", "employees", "half has no 'account' line"), ("accept", "employes", "“employes”")]
    )
    func unasked(stack: String, group: String, problem: String) async throws {
        let stacks = try await PAMStacks()
        try stacks.write("half", "auth required pam_permit.so")
        let world = try await LoginWorld(.init(provider: "pam", stack: stack, all: group), stacks: stacks)
        let run = try await atTerminal(world, [], ["login"])
        #expect(run.status == 78, "\(run.output)")
        #expect(run.output.contains(problem))
        #expect(!run.output.contains("User name"))
    }

    @Test("Nobody is asked for a password whose session could not be kept")
    func homeless() async throws {
        let world = try await LoginWorld()
        let state = world.program.scratch.path("state")
        try FileManager.default.createSymbolicLink(atPath: state, withDestinationPath: "/proc/nowhere")
        let run = try await atTerminal(world, [], ["login", "alice"])
        #expect(run.status == 78, "\(run.output)")
        #expect(run.output.contains("There is no place to keep a session"))
        #expect(!run.output.contains("Password"))
    }

    @Test("Who is asked while a directory is silent, or does not know the service account, is told of an outage")
    func askedInAnOutage() async throws {
        let silent = try await LoginWorld(.init(urls: ["ldap://127.0.0.1:\(try FreePort.find())"], all: "employes"))
        let stranger = try await LoginWorld(.init(all: "employes"))
        try stranger.program.scratch.write("not-this-one", to: "reader.secret")
        for world in [silent, stranger] {
            let run = try await atTerminal(world, ["Password for alice: ", "open-alice"], ["login", "alice"])
            #expect(run.status == 75, "\(run.output)")
            #expect(run.output.contains(Outage.publicText))
        }
    }

    @Test("What a stack asks after the password is asked, with what it says before", arguments: [true, false])
    func challenge(isRight: Bool) async throws {
        let stacks = try await PAMStacks()
        let world = try await LoginWorld(.init(provider: "pam", stack: "password-then-code"), stacks: stacks)
        let code = isRight ? "246810" : "111111"
        let script = ["Password for alice: ", "open-alice", "One-time code:", code]
        let run = try await atTerminal(world, script, ["login", "alice"])
        #expect(run.status == (isRight ? 0 : 77), "\(run.output)")
        #expect(run.output.contains("A code was sent to your telephone."))
        #expect(!run.output.contains(code))
    }

    @Test(
        "While a person types, other commands have the session store",
        arguments: ["Password for alice: ", "One-time code:"]
    )
    func storeIsFree(prompt: String) async throws {
        let stacks = try await PAMStacks()
        let world = try await LoginWorld(.init(provider: "pam", stack: "password-then-code"), stacks: stacks)
        let elsewhere = "$ \(EntLoginProgram.path) sessions list --config \(world.path)"
        var script: [String] = []
        for (wait, text) in [("Password for alice: ", "open-alice"), ("One-time code:", "246810")] {
            script += wait == prompt ? [wait, elsewhere, "", text] : [wait, text]
        }
        let run = try await atTerminal(world, script, ["login", "alice"])
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("Nobody is logged in.\nelsewhere: exit 0"))
        #expect(try await world.run("whoami").status == 0)
    }

    @Test("A refused login opens the session store again for the throttle only", arguments: [true, false])
    func refusedAtRest(isThrottled: Bool) async throws {
        let world = try await LoginWorld(.init(more: "[throttle]\nenabled = \(isThrottled)"))
        let store = world.program.scratch.path("sessions.sqlite")
        // A store that others may read cannot be opened, which only a login that needs it finds out.
        let refused: Int32 = isThrottled ? 75 : 77
        for (password, status) in [("not-this-one", refused), ("open-alice", 75)] as [(String, Int32)] {
            let script = ["Password for alice: ", "$ chmod 644 \(store)", "", password]
            let run = try await atTerminal(world, script, ["login", "alice", "-v"])
            #expect(run.status == status, "\(run.output)")
            #expect(run.output.contains("chmod 600") == (status == 75), "\(run.output)")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: store)
        }
    }

    @Test(
        "A stop at the prompt brings the echo back, a continue asks anew without echo, and no secret is lost",
        arguments: ["key", "background", "kill"]
    )
    func stopped(scenario: String) async throws {
        let world = try await LoginWorld()
        let run = try await Command.run(
            Repository.script("stop-at-prompt"),
            [scenario, "Password for alice: ", "open-alice", "--", EntLoginProgram.path, "login", "alice"]
                + ["--config", world.path],
            environment: world.program.environment
        )
        let seen = try run.json()
        #expect(seen["echo_at_prompt"] as? Bool == false)
        if scenario != "kill" { #expect(seen["echo_when_stopped"] as? Bool == true) }
        if scenario == "background" { #expect(seen["echo_in_background"] as? Bool == true) }
        #expect(seen["echo_at_second_prompt"] as? Bool == false)
        #expect(seen["prompts"] as? Int == 2)
        #expect(seen["status"] as? Int == 0, "\(run.output)\(run.errors)")
        #expect((seen["shown"] as? String)?.contains("open-alice") == false)
    }

    @Test("Who ends the input instead of an answer is refused")
    func ended() async throws {
        let world = try await LoginWorld()
        let run = try await atTerminal(world, ["Password for alice: ", "\u{4}"], ["login", "alice"])
        #expect(run.status == 77)
        #expect(run.output.contains("No password was given."))
    }

    @Test("Who ends the input instead of a name is told so")
    func nameless() async throws {
        let run = try await atTerminal(try await LoginWorld(), ["User name: ", "\u{4}"], ["login"])
        #expect(run.status == 77)
        #expect(run.output.contains("No user name was given."))
    }

    @Test("Nothing of a line that is too long is left for the shell")
    func overlong() async throws {
        let world = try await LoginWorld()
        let shell = #""$0" login --config "$1"; echo "status $?"; stty -icanon min 0 time 5; head -c 9999 | wc -c"#
        let run = try await Command.run(
            Repository.script("at-terminal"),
            ["User name: ", String(repeating: "a", count: 2000), "--", "/bin/sh", "-c", shell]
                + [EntLoginProgram.path, world.path],
            environment: world.program.environment
        )
        #expect(run.output.contains("status 77\r\n0\r\n"), "\(run.output.suffix(80))")
    }

    @Test("A person who says that the standard input has the password is asked without echo")
    func standardInput() async throws {
        let script = ["Password for alice: ", "open-alice"]
        let run = try await atTerminal(try await LoginWorld(), script, ["login", "alice", "--password-stdin"])
        #expect(run.status == 0, "\(run.output)")
        #expect(!run.output.contains("open-alice"))
    }

    @Test("Of two logins at once one session stays, the one whose token is kept")
    func twoTerminals() async throws {
        let world = try await LoginWorld()
        let elsewhere = "$ echo open-bob | \(EntLoginProgram.path) login bob --password-stdin --config \(world.path)"
        let script = ["Password for alice: ", elsewhere, "Logged in as bob", "open-alice"]
        let run = try await atTerminal(world, script, ["login", "alice"])
        #expect(run.status == 0, "\(run.output)")
        #expect(try await world.run("whoami").output.hasPrefix("alice\n"))
        #expect((try await world.run("sessions", "list", "--json").json()["sessions"] as? [Any])?.count == 1)
    }

    @Test("A name cannot steer the terminal")
    func escapes() async throws {
        let world = try await LoginWorld()
        let run = try await atTerminal(world, ["a\\u{1b}]0;x: ", "p"], ["login", "a\u{1B}]0;x"])
        #expect(run.status == 77)
        #expect(!run.output.contains("\u{1B}"))
    }

    @Test("Colour is for terminals, and for those who want it")
    func colour() async throws {
        let world = try await LoginWorld()
        let program = [EntLoginProgram.path, "check", "--config", world.path]
        var environment = world.program.environment
        environment["TERM"] = "xterm"
        let coloured = try await Command.run(
            Repository.script("at-terminal"),
            ["--"] + program,
            environment: environment
        )
        #expect(coloured.output.contains("\u{1B}[32m"))
        environment["NO_COLOR"] = "1"
        let plain = try await Command.run(Repository.script("at-terminal"), ["--"] + program, environment: environment)
        #expect(!plain.output.contains("\u{1B}["))
        #expect(!(try await world.run("check").output.contains("\u{1B}[")))
    }
}
