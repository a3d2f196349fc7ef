import Foundation
import Glibc
import HostSystem
import Testing

@Suite("Terminal", .timeLimit(.minutes(1)), .serialized)
struct TerminalTests {
    /// Asks on a thread of its own, as a program does, while the test is the person.
    private func ask(_ terminal: PseudoTerminal, limit: Int = 511) -> Task<SecretBytes?, any Error> {
        let path = terminal.path
        let executor = BlockingExecutor(name: "terminal-test", width: 1, queueLimit: 0)
        return Task {
            try await executor.run(deadline: .now + .seconds(30)) { () throws(HostError) in
                try Terminal.readSecret(prompt: "Password: ", limit: limit, path: path)
            }
        }
    }

    @Test("shows the prompt but not the answer, and brings the echo back")
    func hidden() async throws {
        let terminal = try PseudoTerminal()
        #expect(terminal.echoes)
        let answer = ask(terminal)
        #expect(terminal.screen(until: "Password: ") == "Password: ")
        #expect(!terminal.echoes)
        terminal.type("  hun\u{e4}ter2 \n")
        #expect(try await answer.value == SecretBytes("  hun\u{e4}ter2 ".utf8))
        #expect(terminal.echoes)
        terminal.type("x\n")
        let rest = terminal.screen(until: "x")
        #expect(!rest.contains("hun"))
    }

    @Test("tells an empty answer from an end of input")
    func nothing() async throws {
        let terminal = try PseudoTerminal()
        let empty = ask(terminal)
        _ = terminal.screen(until: "Password: ")
        terminal.type("\n")
        #expect(try await empty.value == SecretBytes([]))
        let ended = ask(terminal)
        _ = terminal.screen(until: "Password: ")
        terminal.type("\u{4}")
        #expect(try await ended.value == nil)
        #expect(terminal.echoes)
    }

    @Test("refuses an answer over the limit as a whole, and the next one is not its rest")
    func tooLong() async throws {
        let terminal = try PseudoTerminal()
        let long = ask(terminal, limit: 4)
        _ = terminal.screen(until: "Password: ")
        terminal.type("12345\n")
        let error = await #expect(throws: HostError.self) { try await long.value }
        #expect(error?.reason == .tooLarge(limit: 4))
        let right = ask(terminal, limit: 4)
        _ = terminal.screen(until: "Password: ")
        terminal.type("1234\n")
        #expect(try await right.value == SecretBytes("1234".utf8))
    }

    @Test("gives up at the deadline and brings the echo back")
    func deadline() throws {
        let terminal = try PseudoTerminal()
        let deadline = ContinuousClock.now + .milliseconds(50)
        let error = #expect(throws: HostError.self) {
            try Terminal.readSecret(prompt: "?", deadline: deadline, path: terminal.path)
        }
        #expect(error?.reason == .timedOut)
        #expect(ContinuousClock.now < deadline + .seconds(1))
        #expect(terminal.echoes)
    }

    @Test("says so where there is no terminal")
    func noTerminal() throws {
        let scratch = try ScratchDirectory()
        try HostFile.writeAtomically("secret\n".utf8, to: scratch.file("file"))
        let error = #expect(throws: HostError.self) { try Terminal.readSecret(prompt: "?", path: scratch.file("file")) }
        #expect(error?.code == ENOTTY)
        let missing = #expect(throws: HostError.self) {
            try Terminal.readSecret(prompt: "?", path: scratch.file("none"))
        }
        #expect(missing?.isNotFound == true)
    }
}
