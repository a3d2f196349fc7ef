import LDAPClient
import Testing

@testable import EnterpriseAuth

@Suite("The state of an account")
struct AccountRulesTests {
    /// 2026-11-23T12:21:08Z, which is day 20 780.
    static let now: Int64 = 1_795_436_468_000

    typealias Rule = DirectoryConfiguration.AccountRule

    struct Row: Sendable, CustomTestStringConvertible {
        let rule: Rule
        let attributes: [String: String]
        var moment = AccountRules.Moment.atAnyTime
        var lockout: Duration?
        /// The state's name, and the reason for a change.
        let state: String

        var testDescription: String { "\(rule.rawValue) \(attributes) \(moment) → \(state)" }
    }

    static func entry(_ attributes: [String: String]) -> LDAPEntry {
        LDAPEntry(
            dn: "uid=x",
            attributes: attributes.map { LDAPEntry.Attribute(description: $0, values: [Array($1.utf8)]) }
        )
    }

    static func text(_ state: AccountState) -> String {
        if case .passwordChangeRequired(let reason, _) = state { return "change \(reason.rawValue)" }
        return state.name
    }

    static let passwordPolicy: [Row] = [
        ([:], .atAnyTime, nil, "ok"),
        (["pwdAccountLockedTime": "000001010000Z"], .atAnyTime, nil, "disabled"),
        (["pwdAccountLockedTime": "000001010000Z"], .afterBind, nil, "disabled"),
        (["pwdAccountLockedTime": "20261123122008Z"], .atAnyTime, nil, "temporarily_locked"),
        (["pwdAccountLockedTime": "20261123122008Z"], .atAnyTime, .zero, "temporarily_locked"),
        (["pwdAccountLockedTime": "20261123122008Z"], .afterBind, nil, "ok"),
        (["pwdAccountLockedTime": "20261123122008Z"], .atAnyTime, .seconds(61), "temporarily_locked"),
        (["pwdAccountLockedTime": "20261123122008Z"], .atAnyTime, .seconds(60), "ok"),
        (["pwdAccountLockedTime": "20261123122109Z"], .atAnyTime, nil, "ok"),
        (["pwdAccountLockedTime": "soon"], .atAnyTime, nil, "disabled"),
        (["pwdAccountTmpLockoutEnd": "20261123122109Z"], .atAnyTime, nil, "temporarily_locked"),
        (["pwdAccountTmpLockoutEnd": "20261123122107Z"], .atAnyTime, nil, "ok"),
        (["pwdReset": "TRUE"], .atAnyTime, nil, "change must_change"),
        (["pwdReset": "FALSE"], .atAnyTime, nil, "ok"),
        (["pwdReset": "TRUE"], .afterBind, nil, "ok"),
        (["pwdEndTime": "20200101000000Z"], .atAnyTime, nil, "expired"),
        (["pwdEndTime": "20200101000000Z"], .afterBind, nil, "expired"),
        (["pwdEndTime": "20990101000000Z"], .atAnyTime, nil, "ok"),
        (["pwdEndTime": "never"], .afterBind, nil, "disabled"),
        (["pwdStartTime": "20990101000000Z"], .afterBind, nil, "disabled"),
        (["pwdStartTime": "20200101000000Z"], .atAnyTime, nil, "ok"),
        (["pwdEndTime": "20200101000000Z", "pwdAccountLockedTime": "000001010000Z"], .atAnyTime, nil, "disabled"),
        (["pwdReset": "TRUE", "pwdAccountLockedTime": "20261123122008Z"], .atAnyTime, nil, "temporarily_locked"),
    ].map { Row(rule: .passwordPolicy, attributes: $0, moment: $1, lockout: $2, state: $3) }

    /// The rows of one rule that need nothing but attributes.
    private static func rows(_ rule: Rule, _ table: [(attributes: [String: String], state: String)]) -> [Row] {
        table.map { Row(rule: rule, attributes: $0.attributes, state: $0.state) }
    }

    static let shadow = rows(
        .shadow,
        [
            ([:], "ok"),
            (["shadowExpire": "-1", "shadowLastChange": "20000", "shadowMax": "99999"], "ok"),
            (["shadowExpire": "20780"], "expired"),
            (["shadowExpire": "20781"], "ok"),
            (["shadowExpire": "0"], "expired"),
            (["shadowExpire": "x"], "disabled"),
            (["shadowLastChange": "0"], "change must_change"),
            (["shadowLastChange": "20781", "shadowMax": "1"], "ok"),
            (["shadowLastChange": "20779", "shadowMax": "1"], "ok"),
            (["shadowLastChange": "20778", "shadowMax": "1"], "change expired"),
            (["shadowLastChange": "20778", "shadowMax": "1", "shadowInactive": "1"], "change expired"),
            (["shadowLastChange": "20777", "shadowMax": "1", "shadowInactive": "1"], "expired"),
            (["shadowLastChange": "20777", "shadowMax": "1", "shadowInactive": "-1"], "change expired"),
            (["shadowLastChange": "10000"], "ok"),
        ]
    )

    static let nsAccountLock = rows(
        .nsAccountLock,
        [
            (["nsAccountLock": "TRUE"], "disabled"),
            (["nsAccountLock": "false"], "ok"),
            (["nsAccountLock": "?"], "disabled"),
        ]
    )

    static let kerberos = rows(
        .kerberos,
        [
            (["krbPrincipalExpiration": "20200101000000Z"], "expired"),
            (["krbPasswordExpiration": "20200101000000Z"], "change expired"),
            (["krbPasswordExpiration": "20990101000000Z"], "ok"),
            (["krbPasswordExpiration": ""], "disabled"),
        ]
    )

    static let activeDirectory = rows(
        .activeDirectory,
        [
            (["userAccountControl": "512"], "ok"),
            (["userAccountControl": "514"], "disabled"),
            (["userAccountControl": "many"], "disabled"),
            (["accountExpires": "9223372036854775807"], "ok"),
            (["accountExpires": "132223104000000000"], "expired"),
            (["pwdLastSet": "0"], "change must_change"),
            (["pwdLastSet": "0", "userAccountControl": "66048"], "ok"),
            (["msDS-User-Account-Control-Computed": "16"], "temporarily_locked"),
            (["msDS-User-Account-Control-Computed": "8388608"], "change expired"),
        ]
    )

    static let all = passwordPolicy + shadow + nsAccountLock + kerberos + activeDirectory

    @Test("follows the attributes of each kind of directory", arguments: all)
    func state(_ row: Row) {
        let state = AccountRules([row.rule]).state(
            of: Self.entry(row.attributes),
            now: Self.now,
            moment: row.moment,
            lockoutDuration: row.lockout
        )
        #expect(Self.text(state) == row.state, "\(state.detail)")
        #expect(state.detail.isEmpty == (state == .good))
    }

    @Test("is locked for good where the policy's duration is beyond all counting", arguments: [Int64.max, 1 << 54])
    func longLock(_ seconds: Int64) {
        let state = AccountRules([.passwordPolicy]).state(
            of: Self.entry(["pwdAccountLockedTime": "20261123122008Z"]),
            now: .max,
            moment: .atAnyTime,
            lockoutDuration: .seconds(seconds)
        )
        #expect(state.name == "temporarily_locked")
    }

    @Test("is the gravest that any rule finds")
    func gravest() {
        let entry = Self.entry(["pwdReset": "TRUE", "shadowExpire": "1", "nsAccountLock": "TRUE"])
        let state = AccountRules([.passwordPolicy, .shadow, .nsAccountLock])
            .state(of: entry, now: Self.now, moment: .atAnyTime)
        #expect(state.name == "disabled")
    }

    @Test("asks for every attribute it reads")
    func attributes() {
        let asked = Set(AccountRules(Rule.allCases).attributes)
        let read = Set(Self.all.flatMap { $0.attributes.keys })
        #expect(read.subtracting(asked).isEmpty)
    }

    @Test("shows when the password was changed")
    func passwordVersion() {
        let entry = Self.entry(["pwdChangedTime": "20261123122008Z", "shadowLastChange": "20780"])
        #expect(AccountRules([.passwordPolicy, .shadow]).passwordVersion(of: entry) == "20261123122008Z")
        #expect(AccountRules([.shadow]).passwordVersion(of: entry) == "20780")
        #expect(AccountRules([.kerberos]).passwordVersion(of: entry) == nil)
    }

    @Test("reads the policy only where a lock may have run out under it")
    func policy() {
        let rules = AccountRules([.passwordPolicy])
        let locked = ["pwdAccountLockedTime": "20261123122008Z", "pwdPolicySubentry": "cn=p"]
        #expect(rules.policyToRead(for: Self.entry(locked)) == "cn=p")
        #expect(rules.policyToRead(for: Self.entry(["pwdPolicySubentry": "cn=p"])) == nil)
        let forEver = ["pwdAccountLockedTime": "000001010000Z", "pwdPolicySubentry": "cn=p"]
        #expect(rules.policyToRead(for: Self.entry(forEver)) == nil)
        #expect(AccountRules([.shadow]).policyToRead(for: Self.entry(locked)) == nil)
    }
}
