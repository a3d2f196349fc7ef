import LDAPClient
import Testing

@testable import EnterpriseAuth

@Suite("The age of a password")
struct PasswordAgeTests {
    /// 2026-01-31T00:00:00Z.
    private static let now: Int64 = 1_769_817_600_000

    private static func entry(_ attributes: [String: [String]]) -> LDAPEntry {
        LDAPEntry(
            dn: "cn=p",
            attributes: attributes.map { LDAPEntry.Attribute(description: $0, values: $1.map { Array($0.utf8) }) }
        )
    }

    @Test(
        "counts from the last change, after the grace logins, and only where all of it can be read",
        arguments: [
            (["pwdChangedTime": ["20260101000000Z"]], ["pwdMaxAge": ["2592000"]], true),
            (["pwdChangedTime": ["20260101000001Z"]], ["pwdMaxAge": ["2592000"]], false),
            (["pwdChangedTime": ["20260101000000Z"]], ["pwdMaxAge": ["0"]], false),
            (["pwdChangedTime": ["20260101000000Z"]], [:], false),
            (["pwdChangedTime": ["20260101000000Z"]], ["pwdMaxAge": ["9223372036854775807"]], false),
            ([:], ["pwdMaxAge": ["1"]], false),
            (["pwdChangedTime": ["20260101000000Z"]], ["pwdMaxAge": ["1"], "pwdGraceAuthNLimit": ["1"]], false),
            (
                ["pwdChangedTime": ["20260101000000Z"], "pwdGraceUseTime": ["20260102000000.1Z"]],
                ["pwdMaxAge": ["1"], "pwdGraceAuthNLimit": ["1"]], true
            ),
        ] as [([String: [String]], [String: [String]], Bool)]
    )
    func age(person: [String: [String]], policy: [String: [String]], isOver: Bool) {
        let age = PasswordAge(entry: Self.entry(person), policy: Self.entry(policy), now: Self.now)
        guard case .passwordChangeRequired(.expired, let detail) = age.state else {
            #expect(!isOver)
            return
        }
        #expect(isOver)
        #expect(detail.contains("pwdMaxAge of cn=p"))
    }
}
