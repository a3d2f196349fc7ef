import TestBed
import Testing

struct CommandTests {
    @Test("status, output and input are passed on")
    func runs() async throws {
        let result = try await Command.run("sh", ["-c", "cat; echo problem >&2; exit 7"], input: "hello")
        #expect(result.status == 7)
        #expect(result.output == "hello")
        #expect(result.errors == "problem\n")
        #expect(!result.timedOut)
    }

    @Test("a program that does not end is killed at its limit")
    func limits() async throws {
        let start = ContinuousClock.now
        let result = try await Command.run("sleep", ["60"], limit: .milliseconds(200))
        #expect(result.timedOut)
        #expect(result.status == 128 + 9)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("cancelling kills the program")
    func cancels() async throws {
        let start = ContinuousClock.now
        let task = Task { try await Command.run("sleep", ["60"]) }
        task.cancel()
        _ = try await task.value
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("variables are added and removed")
    func environment() async throws {
        let result = try await Command.run("env", environment: ["ENT_LOGIN_TEST": "yes", "PATH": nil])
        #expect(result.output.contains("ENT_LOGIN_TEST=yes\n"))
        #expect(!("\n" + result.output).contains("\nPATH="))
    }
}
