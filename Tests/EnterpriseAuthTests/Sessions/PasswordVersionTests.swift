import Testing

@testable import EnterpriseAuth

@Suite("PasswordVersion")
struct PasswordVersionTests {
    @Test(
        "of two texts that are times the earlier is older; other texts are older if they differ",
        arguments: [
            ("19000", "19001", true), ("19001", "19000", false), ("9", "10", true), ("0", "133000000000000000", true),
            ("20260301090000Z", "20260301090001Z", true), ("20260301090001Z", "20260301090000Z", false),
            ("20260301090000Z", "20260301090000.5Z", true), ("20260301090000.123456Z", "20260301090000Z", false),
            ("20260301090000Z", "20260301090000Z", false), ("20260301100000+0100", "20260301090001Z", true),
            ("20260301090001Z", "20260301100000+0100", false), ("20260301090000.1231Z", "20260301090000.1239Z", true),
            ("a", "b", true), ("b", "a", true), ("a", "a", false),
            ("19000", "20260301090000Z", true), ("20260301090000Z", "19000", true),
        ]
    )
    func order(_ version: String, _ other: String, _ expected: Bool) {
        #expect(PasswordVersion.isOlder(version, than: other) == expected)
    }
}
