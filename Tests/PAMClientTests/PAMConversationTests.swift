import HostSystem
import PAMClient
import Synchronization
import TestBed
import Testing

@Suite("The conversation with a PAM stack")
struct PAMConversationTests {
    /// What the handler was asked, in order.
    private final class Record: Sendable {
        let asked = Mutex<[(messages: [PAMMessage], prompts: [PAMPrompt])]>([])
    }

    private let record = Record()

    private func ask(
        _ lines: String,
        password: String = "secret",
        answers: [[String]?] = []
    ) async throws -> PAMCheckResult {
        let stacks = try await PAMStacks(services: ["test": lines])
        var rest = answers[...]
        let request = PAMRequest(service: "test", confdir: stacks.confdir, user: "alice")
        return try PAMCheck.password(request, password: SecretBytes(text: password)) { [record] messages, prompts in
            record.asked.withLock { $0.append((messages, prompts)) }
            return (rest.popFirst() ?? nil)?.map { SecretBytes(text: $0) }
        }
    }

    @Test("Only the first prompt without echo gets the password")
    func secondPrompt() async throws {
        let result = try await ask(
            "auth required MODULE password=secret ask=Code: expect=123\naccount required MODULE",
            answers: [["123"]]
        )
        #expect(result.authentication == .success)
        let asked = record.asked.withLock { $0 }
        #expect(asked.map(\.prompts) == [[PAMPrompt(echo: false, text: "Code:")]])
    }

    @Test("A second prompt never gets the password, even if nobody answers")
    func noAnswer() async throws {
        let result = try await ask(
            "auth required MODULE password=secret ask=Again: expect=secret\naccount required MODULE"
        )
        #expect(result.authentication == .conversationError)
        #expect(result.interruption == .aborted)
        #expect(result.account == nil)
    }

    @Test("A prompt with echo is a question for the person")
    func echo() async throws {
        let result = try await ask(
            "auth required MODULE ask_echo=Realm: expect=north password=secret\naccount required MODULE",
            answers: [["north"]]
        )
        #expect(result.authentication == .success)
        let asked = record.asked.withLock { $0 }
        #expect(asked.map(\.prompts) == [[PAMPrompt(echo: true, text: "Realm:")]])
    }

    @Test("Texts come before the prompt that follows them, later ones at the end")
    func texts() async throws {
        let result = try await ask(
            """
            auth required MODULE password=secret info=Sent_a_code. error=Hurry! ask=Code: info=Thanks.
            account required MODULE info=Expires_soon.
            """,
            answers: [["1"]]
        )
        let asked = record.asked.withLock { $0 }
        #expect(
            asked.map(\.messages) == [
                [PAMMessage(kind: .information, text: "Sent a code."), PAMMessage(kind: .error, text: "Hurry!")]
            ]
        )
        #expect(result.messages.map(\.text) == ["Thanks.", "Expires soon."])
    }

    @Test("Several prompts in one call are asked at once")
    func batch() async throws {
        let result = try await ask("auth required MODULE batch=3\naccount required MODULE", answers: [["a", "b"]])
        #expect(result.authentication == .success)
        #expect(record.asked.withLock { $0.map(\.prompts.count) } == [2])
    }

    @Test("Too few or too many answers break the conversation off", arguments: [[], ["a"], ["a", "b", "c"]])
    func wrongCount(answers: [String]) async throws {
        let result = try await ask("auth required MODULE batch=3\naccount required MODULE", answers: [answers])
        #expect(result.interruption == .aborted)
        #expect(result.authentication == .conversationError)
    }

    @Test("32 messages are answered, 33 are refused")
    func messageCount() async throws {
        let answers = [String](repeating: "x", count: 31)
        #expect(
            try await ask("auth required MODULE batch=32\naccount required MODULE", answers: [answers]).account
                == .success
        )
        let over = try await ask("auth required MODULE batch=33\naccount required MODULE", answers: [answers + ["x"]])
        #expect(over.interruption == .malformed)
        #expect(over.account == nil)
    }

    @Test("Styles that no person can answer are refused", arguments: [5, 7, 99] as [Int32])
    func styles(style: Int32) async throws {
        let result = try await ask("auth optional MODULE style=\(style)\nauth required MODULE\naccount required MODULE")
        #expect(result.interruption == .unsupportedStyle(style))
        // Although the stack goes on to say yes, the account is not asked: nobody knows what was skipped.
        #expect(result.account == nil)
    }

    @Test("A flood of text is cut, not passed on")
    func flood() async throws {
        let result = try await ask("auth required MODULE flood=3000000\naccount required MODULE")
        #expect(result.account == .success)
        #expect(result.messages.map(\.text.utf8.count) == [PAMMessage.maximumBytes])
    }

    @Test("Control characters of a module's text do not reach a terminal")
    func cleaned() {
        #expect(PAMMessage(kind: .error, text: "a\u{1B}[31mb\tc\nd\u{7}").text == "a\u{FFFD}[31mb\tc\nd\u{FFFD}")
        #expect(PAMPrompt(echo: true, text: "Code\u{9B}: ").text == "Code\u{FFFD}: ")
    }

    @Test("A password of 511 bytes arrives whole")
    func longestPassword() async throws {
        let password = String(repeating: "p", count: 511)
        let stacks = try await PAMStacks(
            people: ["alice": password],
            services: ["test": "auth required MODULE people=@DIR@/people\naccount required MODULE"]
        )
        let request = PAMRequest(service: "test", confdir: stacks.confdir, user: "alice")
        let result = try PAMCheck.password(request, password: SecretBytes(text: password)) { _, _ in nil }
        #expect(result.account == .success)
    }

    @Test("Longer passwords and those with a NUL are not cut but refused", arguments: ["", "\0"])
    func tooLong(end: String) async {
        let password = end.isEmpty ? String(repeating: "p", count: 512) : "secret\0rest"
        await #expect(throws: PAMError.invalidAnswer) {
            try await ask("auth required MODULE password=secret\naccount required MODULE", password: password)
        }
    }

    @Test(
        "An answer that cannot be carried breaks the conversation off",
        arguments: ["a\0b", String(repeating: "c", count: 512)]
    )
    func badAnswer(answer: String) async throws {
        let result = try await ask(
            "auth required MODULE password=secret ask=Code:\naccount required MODULE",
            answers: [[answer]]
        )
        #expect(result.interruption == .aborted)
    }
}
