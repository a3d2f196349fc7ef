import LDAPClient
import Testing

@testable import EnterpriseAuth

@Suite("What an answer to a bind means")
struct BindVerdictTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let code: LDAPResultCode
        var policy: PasswordPolicyResponse?
        var diagnostic = ""
        var rules: [DirectoryConfiguration.AccountRule] = [.passwordPolicy]
        /// `right`, `change: …`, `no: …` or `misconfigured`.
        let verdict: String

        var testDescription: String { "\(code) \(diagnostic) \(policy.map { "\($0)" } ?? "") → \(verdict)" }
    }

    static func policy(
        _ problem: PasswordPolicyResponse.Problem? = nil,
        expires: Int? = nil,
        grace: Int? = nil
    ) -> PasswordPolicyResponse {
        PasswordPolicyResponse(secondsBeforeExpiration: expires, graceLoginsRemaining: grace, problem: problem)
    }

    static func text(_ verdict: BindVerdict) -> String {
        switch verdict {
        case .right(let notices): (["right"] + notices.map { "\($0)" }).joined(separator: " ")
        case .rightButMustChange(let reason, _): "change: \(reason.rawValue)"
        case .no(let reason, _): "no: \(reason.rawValue)"
        case .misconfigured: "misconfigured"
        case .noAnswer: "no answer"
        }
    }

    static let openLDAP: [Row] = [
        Row(code: .success, verdict: "right"),
        Row(code: .success, policy: policy(), verdict: "right"),
        Row(code: .success, policy: policy(expires: 60), verdict: "right expires(in: 60.0 seconds)"),
        Row(code: .success, policy: policy(grace: 2), verdict: "right graceLogins(remaining: 2)"),
        Row(code: .success, policy: policy(grace: 0), verdict: "right graceLogins(remaining: 0)"),
        Row(code: .success, policy: policy(.passwordExpired, grace: 1), verdict: "right graceLogins(remaining: 1)"),
        Row(code: .success, policy: policy(.passwordExpired), verdict: "change: expired"),
        Row(code: .success, policy: policy(.changeAfterReset), verdict: "change: must_change"),
        Row(code: .success, policy: policy(.accountLocked), verdict: "no: locked"),
        Row(code: .invalidCredentials, verdict: "no: wrong_password"),
        Row(code: .invalidCredentials, policy: policy(), verdict: "no: wrong_password"),
        Row(code: .invalidCredentials, policy: policy(.passwordExpired), verdict: "change: expired"),
        Row(code: .invalidCredentials, policy: policy(.accountLocked), verdict: "no: locked"),
        Row(code: .invalidCredentials, policy: policy(.changeAfterReset), verdict: "no: wrong_password"),
        Row(code: .invalidCredentials, diagnostic: "data 532, v1", verdict: "no: wrong_password"),
        Row(code: .constraintViolation, diagnostic: "Exceed password retry limit", verdict: "no: locked"),
        Row(code: .unwillingToPerform, verdict: "misconfigured"),
        Row(code: .unwillingToPerform, rules: [.nsAccountLock], verdict: "no: disabled"),
        Row(code: .inappropriateAuthentication, verdict: "no: not_permitted"),
        Row(code: .insufficientAccessRights, verdict: "no: not_permitted"),
        Row(code: .noSuchObject, verdict: "no answer"),
        Row(code: .invalidDNSyntax, verdict: "misconfigured"),
        Row(code: .referral, verdict: "misconfigured"),
        Row(code: .strongerAuthRequired, verdict: "misconfigured"),
        Row(code: .confidentialityRequired, verdict: "misconfigured"),
        Row(code: .saslBindInProgress, verdict: "misconfigured"),
        Row(code: LDAPResultCode(rawValue: 4711), verdict: "misconfigured"),
    ]

    static let activeDirectory: [Row] = [
        ("525", "no: unknown_user"), ("52e", "no: wrong_password"), ("530", "no: not_permitted"),
        ("531", "no: not_permitted"), ("532", "change: expired"), ("533", "no: disabled"), ("701", "no: expired"),
        ("773", "change: must_change"), ("775", "no: locked"), ("9999", "no: wrong_password"),
    ].map { code, verdict in
        let diagnostic = "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data \(code), v2580"
        return Row(code: .invalidCredentials, diagnostic: diagnostic, rules: [.activeDirectory], verdict: verdict)
    }

    @Test("follows the table of result codes and controls", arguments: openLDAP + activeDirectory)
    func verdicts(_ row: Row) {
        let outcome = LDAPBindOutcome(code: row.code, diagnostic: row.diagnostic, passwordPolicy: row.policy)
        #expect(Self.text(BindVerdict(outcome, rules: row.rules)) == row.verdict)
    }

    @Test("is right for no result code but success", arguments: Array(-20...130) as [Int32])
    func onlySuccessIsRight(_ code: Int32) {
        for rules in DirectoryConfiguration.AccountRule.allCases {
            let outcome = LDAPBindOutcome(code: LDAPResultCode(rawValue: code), diagnostic: "data 0")
            let isRight = Self.text(BindVerdict(outcome, rules: [rules])).hasPrefix("right")
            #expect(isRight == (code == 0))
        }
    }
}
