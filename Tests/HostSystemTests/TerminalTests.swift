import Foundation
import Glibc
import HostSystem
import Testing

@Suite("Terminal", .timeLimit(.minutes(1)), .serialized)
struct TerminalTests {
    /// Asks on a thread of its own, as a program does, while the test is the person.
    private func ask(_ terminal: PseudoTerminal, limit: Int = 511) -> Task<SecretBytes?, any Error> {
        Task {
            try await aside { () throws(HostError) in
                try Terminal.readSecret(prompt: "Password: ", limit: limit, path: terminal.path)
            }
        }
    }

    @Test("shows the prompt but not the answer, and brings the echo back")
    func hidden() async throws {
        let terminal = try PseudoTerminal()
        #expect(terminal.echoes)
        let answer = ask(terminal)
        #expect(try await terminal.screen(until: "Password: ") == "Password: ")
        #expect(!terminal.echoes)
        terminal.type("  hun\u{e4}ter2 \n")
        #expect(try await answer.value == SecretBytes("  hun\u{e4}ter2 ".utf8))
        #expect(terminal.echoes)
        terminal.type("x\n")
        let rest = try await terminal.screen(until: "x")
        #expect(!rest.contains("hun"))
    }

    @Test("tells an empty answer from an end of input")
    func nothing() async throws {
        let terminal = try PseudoTerminal()
        let empty = ask(terminal)
        _ = try await terminal.screen(until: "Password: ")
        terminal.type("\n")
        #expect(try await empty.value == SecretBytes([]))
        let ended = ask(terminal)
        _ = try await terminal.screen(until: "Password: ")
        terminal.type("\u{4}")
        #expect(try await ended.value == nil)
        #expect(terminal.echoes)
    }

    @Test("refuses an answer over the limit as a whole, and the next one is not its rest")
    func tooLong() async throws {
        let terminal = try PseudoTerminal()
        let long = ask(terminal, limit: 4)
        _ = try await terminal.screen(until: "Password: ")
        terminal.type("12345\n")
        let error = await #expect(throws: HostError.self) { try await long.value }
        #expect(error?.reason == .tooLarge(limit: 4))
        let right = ask(terminal, limit: 4)
        _ = try await terminal.screen(until: "Password: ")
        terminal.type("1234\n")
        #expect(try await right.value == SecretBytes("1234".utf8))
    }

    @Test("gives up at the deadline and brings the echo back")
    func deadline() async throws {
        let terminal = try PseudoTerminal()
        let deadline = ContinuousClock.now + .milliseconds(50)
        let error = await #expect(throws: HostError.self) {
            try await aside { () throws(HostError) in
                try Terminal.readSecret(prompt: "?", deadline: deadline, path: terminal.path)
            }
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
