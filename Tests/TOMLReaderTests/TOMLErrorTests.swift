import TOMLReader
import Testing

@Suite("TOML errors")
struct TOMLErrorTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let position: String
        let message: String

        init(_ text: String, _ position: String, _ message: String) {
            self.init(Array(text.utf8), position, message)
        }

        init(_ bytes: [UInt8], _ position: String, _ message: String) {
            (self.bytes, self.position, self.message) = (bytes, position, message)
        }

        var testDescription: String { String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription }
    }

    @Test(
        "names line, column and reason of a mistake, and never aborts",
        arguments: [
            Mistake("[", "1:2", "end-of-file"),
            Mistake("[.]", "1:2", "expected bare key"),
            Mistake("[..]", "1:2", "expected bare key"),
            Mistake("[=]", "1:2", "expected bare key"),
            Mistake("[é]", "1:2", "expected bare key"),
            Mistake("[!]", "1:2", "expected bare key"),
            Mistake("[.a]", "1:2", "expected bare key"),
            Mistake("a = 1\nb = 2\nport = = 2", "3:8", "not a TOML value"),
            Mistake("a = 1\na = 2", "2:5", "cannot redefine existing integer 'a'"),
            Mistake("[a]\n[a]", "2:1", "cannot redefine existing table 'a'"),
            Mistake("a = \"x\" y", "1:9", "expected a comment or whitespace"),
            Mistake("a = \"x", "1:7", "end-of-file"),
            Mistake("a = \"\\q\"", "1:7", "unknown escape sequence"),
        ]
    )
    func syntax(mistake: Mistake) throws {
        try expect(mistake)
    }

    @Test(
        "refuses what is not plain UTF-8 text before parsing it",
        arguments: [
            Mistake([0x61, 0x0a, 0xc3, 0xa9, 0x20, 0xff], "2:3", "not UTF-8"),
            Mistake([0xed, 0xa0, 0x80], "1:1", "not UTF-8"),
            Mistake([0xc0, 0x80], "1:1", "not UTF-8"),
            Mistake("a = 1\n\0b = 2", "2:1", "NUL byte"),
            Mistake("\u{feff}a = 1", "1:1", "byte order mark"),
            Mistake("a = 1\n\u{feff}b = 2", "2:1", "byte order mark"),
            Mistake("a = \"\u{feff}\"", "1:6", "byte order mark"),
            Mistake([0xff, 0xfe, 0x61, 0x00], "1:1", "UTF-16"),
            Mistake([0xfe, 0xff, 0x00, 0x61], "1:1", "UTF-16"),
            Mistake([UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20 + 1), "1:1", "more than 1048576 bytes"),
        ]
    )
    func screening(mistake: Mistake) throws {
        try expect(mistake)
    }

    @Test(
        "bounds how deep a text nests",
        arguments: [
            Mistake(String(repeating: "a.", count: 500_000) + "a = 1", "1:64", "dotted key of more than 32 parts"),
            Mistake(
                "[" + String(repeating: "\"x.y\" . ", count: 33) + "a]",
                "1:256",
                "dotted key of more than 32 parts"
            ),
            Mistake("a = " + String(repeating: "[", count: 500_000), "1:37", "nested deeper than 32"),
            Mistake("a = " + String(repeating: "{a = ", count: 40), "1:165", "nested deeper than 32"),
            Mistake(
                "[" + (0..<31).map { _ in "a" }.joined(separator: ".") + "]\nb.c.d = 1",
                "2:3",
                "nested deeper than 32"
            ),
        ]
    )
    func depth(mistake: Mistake) throws {
        try expect(mistake)
    }

    @Test("does not count dots in strings and comments")
    func dotsElsewhere() throws {
        let dots = String(repeating: ".", count: 100)
        let text = "# \(dots)\n\"\(dots)\" = '\(dots)'\nb = \"\\\"\(dots)\"\nc = \"\"\"\n\"\(dots)\"\"\"\"\"\nd = 1.5"
        #expect(try TOMLReader.read(Array(text.utf8)).entries.count == 4)
        try expect(Mistake("a = '''b''''\n\(String(repeating: "c.", count: 40)) = 1", "2:64", "dotted key"))
    }

    @Test(
        "never repeats a value in a message",
        arguments: [
            "p = hunter2", "p = 12hunter2", "p = trhunt'er2", "p = falhunter2", "p = 0xhunter2", "p = +hunter2",
            "p = infhunter2", "p = nahunter2", "p = 1hunter2e5", "p = \"hunter2", "p = [hunter2]", "p = {a = hunter2}",
            "p = 'a' hunter2", "p = true hunter2", "p = \"\\hunter2\"", "p = inunter2hunter2",
            "p = 123456789012345678901234567890", "p = 1e99999999",
        ]
    )
    func noValues(text: String) throws {
        let error = try #require(throws: TOMLError.self) { try TOMLReader.read(Array(text.utf8)) }
        for leak in ["hunter", "unter2", "nter2", "12345", "99999"] { #expect(!error.message.contains(leak)) }
    }

    @Test("survives any jumble of TOML's own pieces")
    func jumble() async {
        let pieces = [
            "[", "]", "[[", "]]", ".", "=", "a", "\"", "'", "{", "}", ",", "\n", " ", "1", "0x", "é", "#", "true", "-",
            "\\", "\"\"\"", "'''", "1979-05-27", "T07:32", "inf", "_", "\r\n", "\t", "\u{7f}", "e", "+", "\\u00e9",
        ]
        var state: UInt64 = 42
        func random(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        var refused = 0
        for round in 0..<20_000 {
            // The pool that runs the tests has few threads.
            if round % 100 == 0 { await Task.yield() }
            let text = (0..<random(below: 14)).map { _ in pieces[random(below: pieces.count)] }.joined()
            if (try? TOMLReader.read(Array(text.utf8))) == nil { refused += 1 }
        }
        #expect(refused > 0 && refused < 20_000)
    }

    private func expect(_ mistake: Mistake) throws {
        let error = try #require(throws: TOMLError.self) { try TOMLReader.read(mistake.bytes) }
        #expect(error.position.description == mistake.position)
        #expect(error.message.contains(mistake.message), "\(error.message)")
    }
}
