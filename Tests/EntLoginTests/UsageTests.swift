import TestBed
import Testing

@Suite("The command line")
struct UsageTests {
    let program: EntLoginProgram

    init() throws {
        program = try EntLoginProgram()
    }

    @Test(
        "A wrong command line ends with 64 and says where help is",
        arguments: [[], ["nonsense"], ["--nonsense"], ["--config"], ["config"], ["check", "extra"]] as [[String]]
    )
    func wrongUsage(arguments: [String]) async throws {
        let run = try await program.run(arguments)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("--help' for more information"))
    }

    @Test("Help goes to the standard output and names the exit codes")
    func help() async throws {
        let run = try await program.run(["--help"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.contains("77 refused"))
    }

    @Test("Completion scripts are made for every shell", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
        let run = try await program.run(["--generate-completion-script", shell])
        #expect(run.status == 0)
        for command in ["check", "login", "whoami", "logout", "explain", "sessions", "config"] {
            #expect(run.output.contains(command), "\(command)")
        }
        #expect(!run.output.contains("pam-worker"))
    }

    @Test(
        "bash completes subcommands and options",
        arguments: [("who", "whoami"), ("sessions en", "end"), ("login --pass", "--password-stdin")]
    )
    func completes(typed: String, expected: String) async throws {
        let words = (["ent-login"] + typed.split(separator: " ").map(String.init))
        let script = """
            source <("$1" --generate-completion-script bash)
            shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
            $(complete -p ent-login | sed -E 's/.* -F ([^ ]+) .*/\\1/') ent-login "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = try await Command.run("/bin/bash", ["--norc", "-c", script, "bash", EntLoginProgram.path] + words)
        #expect(run.output.split(separator: "\n").map(String.init) == [expected], "\(run.errors)")
    }

    @Test("The worker of PAM providers is not shown, and ends when nobody owns it")
    func worker() async throws {
        #expect(!(try await program.run(["--help"])).output.contains("pam-worker"))
        #expect(try await program.run(["pam-worker"]).status != 0)
    }
}
