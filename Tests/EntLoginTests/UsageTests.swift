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

    @Test("The worker of PAM providers is not shown, and ends when nobody owns it")
    func worker() async throws {
        #expect(!(try await program.run(["--help"])).output.contains("pam-worker"))
        #expect(try await program.run(["pam-worker"]).status != 0)
    }
}
