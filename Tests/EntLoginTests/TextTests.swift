import Logging
import Testing

@testable import ent_login

@Suite("What the program writes")
struct TextTests {
    @Test(
        "Control characters never reach a terminal or a log",
        arguments: ["a\nb", "\u{1B}[2J", "a\u{202E}b", "\u{0}"]
    )
    func escaping(text: String) {
        let escaped = PlainText.escaped(text)
        #expect(escaped.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        #expect(escaped.contains("\\u{"))
    }

    @Test("A log line stays one line, whatever a name holds")
    func logLine() {
        let line = LineLogHandler.text("T", .warning, "x", "a\nb", ["user": "al ice\"\n", "code": "49"])
        #expect(line == "T warning x: a\\u{a}b code=49 user=\"al ice\\\"\\u{a}\"\n")
    }

    @Test("A JSON log line has its fields beside the message, which they cannot replace")
    func jsonLogLine() {
        let line = LineLogHandler.json("T", .error, "x", "m", ["message": "forged", "user": "a\nb"])
        #expect(line == #"{"label":"x","level":"error","message":"m","time":"T","user":"a\nb"}"# + "\n")
    }

    @Test("Answers for programs have keys in snake case and keep their order")
    func json() throws {
        struct Example: Encodable { var lastUse = "now", aURL = "/", id = 1 }
        #expect(try Output.json(Example()) == #"{"a_url":"/","id":1,"last_use":"now"}"# + "\n")
    }
}
