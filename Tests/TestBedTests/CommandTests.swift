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
        let result = try await Command.run("sleep", ["600"], limit: .milliseconds(200))
        #expect(result.timedOut)
        #expect(result.status == 128 + 9)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("a grandchild that stays does not hold up the result")
    func ignoresGrandchildren() async throws {
        let start = ContinuousClock.now
        let result = try await Command.run("sh", ["-c", "sleep 120 & echo $!"])
        #expect(result.status == 0)
        #expect(ContinuousClock.now - start < .seconds(60))
        let pid = String(result.output.prefix { $0.isNumber })
        #expect(try await Command.run("sh", ["-c", "kill \(pid)"]).status == 0)
    }

    @Test("arguments arrive as they are, empty ones and strange ones included")
    func passesArguments() async throws {
        let arguments = ["", "two words", "line\nbreak", "ümläut", "\"'$`\\"]
        let result = try await Command.run("sh", ["-c", "printf '<%s>' \"$@\"", "sh"] + arguments)
        #expect(result.output == arguments.map { "<\($0)>" }.joined())
    }

    @Test("a running program can be watched and signalled")
    func signals() async throws {
        let program = try RunningProgram(
            "sh",
            ["-c", "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done"]
        )
        #expect(await ProcessCensus.wait { program.output == "ready\n" })
        program.signal(15)
        let result = await program.finish()
        #expect(result.status == 3)
        #expect(result.output == "ready\nbye\n")
    }

    @Test("nothing but the standard descriptors is inherited")
    func inheritsNothing() async throws {
        let result = try await Command.run("sh", ["-c", "echo /proc/self/fd/*"])
        #expect(result.output == "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3\n")
    }

    @Test("cancelling kills the program")
    func cancels() async throws {
        let start = ContinuousClock.now
        let task = Task { try await Command.run("sleep", ["600"]) }
        task.cancel()
        _ = try await task.value
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("variables are added and removed")
    func environment() async throws {
        let result = try await Command.run("env", environment: ["ENT_LOGIN_TEST": "yes", "PATH": nil])
        #expect(result.output.contains("ENT_LOGIN_TEST=yes\n"))
        #expect(!("\n" + result.output).contains("\nPATH="))
    }
}
