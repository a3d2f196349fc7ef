internal import LDAPClient

/// Whether a password is too old for the policy of its entry (slapo-ppolicy(5)).
///
/// A login learns that from the bind. This is for `explain`, which binds as nobody: it sees a policy that the entry names
/// itself, not the server's default one.
struct PasswordAge {
    /// What must be known of the policy.
    static let policyAttributes = ["pwdMaxAge", "pwdGraceAuthNLimit"]

    let entry: LDAPEntry
    let policy: LDAPEntry
    let now: Int64

    /// The state: good unless the password has run out and no grace login is left.
    var state: AccountState {
        guard let text = policy.first("pwdMaxAge"), let age = Int64(text), age > 0,
            let changed = entry.first("pwdChangedTime"), let since = GeneralizedTime.milliseconds(changed)
        else { return .good }
        let (length, isTooLong) = age.multipliedReportingOverflow(by: 1000)
        let (end, isTooLate) = since.addingReportingOverflow(length)
        guard !isTooLong, !isTooLate, end <= now, graceLogins == 0 else { return .good }
        let detail = "the password of \(changed) is older than \(age) s (pwdMaxAge of \(policy.dn))"
        return .passwordChangeRequired(.expired, detail: detail)
    }

    private var graceLogins: Int {
        let limit = policy.first("pwdGraceAuthNLimit").flatMap { Int($0) } ?? 0
        return max(0, limit - entry.values("pwdGraceUseTime").count)
    }
}

extension Directory {
    /// Whether a person's password is too old for the policy that the entry names; good where that cannot be seen.
    nonisolated(nonsending) func passwordAge(of person: DirectoryPerson, deadline: ContinuousClock.Instant) async
        -> AccountState
    {
        guard schema.accountRules.attributes.contains("pwdPolicySubentry"),
            let policy = person.entry.first("pwdPolicySubentry")
        else { return .good }
        let request = LDAPSearchRequest(base: policy, scope: .base, attributes: PasswordAge.policyAttributes)
        let answer = try? await search(request, step: "read_policy", deadline: deadline)
        guard let found = answer?.result.entries.first else { return .good }
        return PasswordAge(entry: person.entry, policy: found, now: clock.nowMilliseconds).state
    }
}
