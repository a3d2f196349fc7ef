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

    @Test("An argument cannot steer the terminal that shows what is wrong with it")
    func escapes() async throws {
        let run = try await program.run(["sessions", "end", "\u{1B}]0;x"])
        #expect(run.status == 64)
        #expect(run.errors.contains("\\u{1b}]0;x"))
        #expect(!run.errors.contains("\u{1B}"))
    }

    @Test(
        "What cannot be written is no yes",
        arguments: [
            ("--help >/dev/full", 70, ""), ("--version >&-", 70, ""),
            ("config example >/dev/full", 70, "the answer could not be written"), ("--help 2>&-", 0, ""),
            ("config example >&-", 70, "Bad file descriptor"), ("--nonsense 2>&-", 64, ""),
            ("check --config /none 2>/dev/full", 70, ""),
        ] as [(String, Int32, String)]
    )
    func unwritable(line: String, status: Int32, error: String) async throws {
        let run = try await Command.run("/bin/sh", ["-c", "exec \"$0\" \(line)", EntLoginProgram.path])
        #expect(run.status == status)
        #expect(error.isEmpty ? run.errors.isEmpty : run.errors.contains(error), "\(run.errors)")
    }

    @Test("Who has read enough hears nothing of the rest")
    func readEnough() async throws {
        // The program begins when the reader is gone.
        let script = #"mkfifo "$1" && exec 3<>"$1" 4>"$1" 3>&- && exec "$0" config example >&4 4>&-"#
        let pipe = program.scratch.path("pipe")
        let run = try await Command.run("/bin/sh", ["-c", script, EntLoginProgram.path, pipe])
        #expect(run.status == 70)
        #expect(run.errors.isEmpty)
    }

    @Test("Help goes to the standard output and names the exit codes")
    func help() async throws {
        let run = try await program.run(["--help"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.contains("77 refused"))
    }

    @Test("The worker of PAM providers is not shown, and ends when nobody owns it")
    func worker() async throws {
        #expect(!(try await program.run(["--help"])).output.contains("pam-worker"))
        #expect(try await program.run(["pam-worker"]).status != 0)
    }
}
