import Testing

@testable import EnterpriseAuth

@Suite("The name under which failures are counted")
struct AccountNameTests {
    @Test(
        "is one for all spellings that a directory takes for one",
        arguments: [
            "Alice", "ALICE", " alice", "alice ", "al\u{AD}ice", "\u{200B}alice", "ＡＬＩＣＥ", "alice\u{3000}",
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
        arguments: ["al\u{1D422}ce", "\u{FB01}ona", "①", " ", "\u{200B}"]
    )
    func unfoldable(typed: String) {
        #expect(AccountName.folded(typed) == AccountName.unfoldable)
    }

    @Test("keeps different people apart", arguments: ["bob", "alice2", "alice.b", "al ice", "élise", "алиса", "愛麗絲"])
    func different(typed: String) {
        #expect(AccountName.folded(typed) == typed)
    }
}
