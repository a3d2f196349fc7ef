import Foundation
import Testing

@testable import EnterpriseAuth

@Suite("The name under which failures are counted")
struct AccountNameTests {
    @Test(
        "is one for all spellings that a directory takes for one",
        arguments: [
            "Alice", "ALICE", " alice", "alice ", "al\u{AD}ice", "\u{200B}alice", "ＡＬＩＣＥ", "alice\u{3000}",
            "àlicé", "a\u{300}lice\u{301}", "alice\u{1806}", "\u{FFFC}alice", "a\u{20DD}lice", "alice\u{591}",
        ]
    )
    func spellings(typed: String) {
        #expect(AccountName.folded(typed) == "alice")
    }

    @Test("folds what lower case alone does not, and spaces within")
    func folding() {
        #expect(AccountName.folded("Groß  Straße") == "gross strasse")
        #expect(AccountName.folded("\u{212A}elvin") == "kelvin")
        #expect(AccountName.folded("Zoe\u{308}") == AccountName.folded("ZO\u{CB}"))
    }

    @Test(
        "is one for all names that cannot be folded, so that none is a way around",
        arguments: ["al\u{1D422}ce", "\u{FB01}ona", "①", " ", "\u{200B}", "alice\u{E000}", "alice\u{378}", "\u{301}"]
    )
    func unfoldable(typed: String) {
        #expect(AccountName.folded(typed) == AccountName.unfoldable)
    }

    @Test("keeps different people apart", arguments: ["bob", "alice2", "alice.b", "al ice", "алиса", "愛麗絲"])
    func different(typed: String) {
        #expect(AccountName.folded(typed) == typed)
    }

    /// Where composed characters are, and those that stand for others.
    private static let blocks = [0, 1, 2, 3, 0xA, 0xD, 0xF, 0x10, 0x11, 0x1D, 0x1E, 0x2F]

    @Test("is the same in its bytes, composed or not, for every character", arguments: blocks)
    func bytes(block: Int) {
        for number in block * 0x1000..<(block + 1) * 0x1000 {
            guard let scalar = Unicode.Scalar(UInt32(number)) else { continue }
            let name = "a" + String(scalar) + "b"
            let folded = AccountName.folded(name)
            let composed = AccountName.folded(name.precomposedStringWithCanonicalMapping)
            let decomposed = AccountName.folded(name.decomposedStringWithCanonicalMapping)
            #expect(Array(folded.utf8) == Array(composed.utf8), "U+\(String(number, radix: 16))")
            #expect(Array(folded.utf8) == Array(decomposed.utf8), "U+\(String(number, radix: 16))")
            #expect(Array(folded.utf8) == Array(AccountName.folded(folded).utf8), "U+\(String(number, radix: 16))")
        }
    }
}
