internal import LDAPClient

/// The operational attributes of OpenLDAP's password policy (slapo-ppolicy(5), draft-behera-ldap-password-policy-10).
struct PasswordPolicyAttributes {
    /// `pwdAccountLockedTime` of an account that only an administrator unlocks.
    static let lockedForEver = "000001010000Z"

    let entry: LDAPEntry
    let now: Int64
    let lockoutDuration: Duration?

    /// The state; after a bind only what an administrator decided, since the server has just judged the rest.
    func state(_ moment: AccountRules.Moment) -> AccountState {
        var state = lock(moment).orWorse(accountTimes)
        if moment == .atAnyTime, entry.first("pwdReset")?.lowercased() == "true" {
            state = state.orWorse(.passwordChangeRequired(.mustChange, detail: "pwdReset is TRUE"))
        }
        return state
    }

    private func lock(_ moment: AccountRules.Moment) -> AccountState {
        if let value = entry.first("pwdAccountLockedTime") {
            if value == Self.lockedForEver {
                return .barred(.disabled, detail: "locked by an administrator: pwdAccountLockedTime is \(value)")
            }
            guard moment == .atAnyTime else { return .good }
            guard let since = GeneralizedTime.milliseconds(value) else {
                return AccountRules.unreadable("pwdAccountLockedTime", value)
            }
            if isLocked(since: since) {
                return .temporarilyLocked(detail: "locked since \(value) (pwdAccountLockedTime)\(end(since: since))")
            }
        }
        if moment == .atAnyTime, let value = entry.first("pwdAccountTmpLockoutEnd") {
            guard let end = GeneralizedTime.milliseconds(value) else {
                return AccountRules.unreadable("pwdAccountTmpLockoutEnd", value)
            }
            if end > now { return .temporarilyLocked(detail: "locked until \(value) (pwdAccountTmpLockoutEnd)") }
        }
        return .good
    }

    private func isLocked(since: Int64) -> Bool {
        guard since <= now else { return false }
        guard let end = endOfLock(since: since) else { return true }
        return now < end
    }

    private func end(since: Int64) -> String {
        guard let end = endOfLock(since: since) else { return ", until the policy or an administrator lifts it" }
        return ", for \((end - now) / 1000) s more by its policy"
    }

    /// When a lock runs out; nil for never, which is also what a time beyond all counting comes to.
    private func endOfLock(since: Int64) -> Int64? {
        guard let lockoutDuration, lockoutDuration > .zero else { return nil }
        let (length, isTooLong) = lockoutDuration.components.seconds.multipliedReportingOverflow(by: 1000)
        let (end, isTooLate) = since.addingReportingOverflow(length)
        return isTooLong || isTooLate ? nil : end
    }

    private var accountTimes: AccountState {
        if let value = entry.first("pwdEndTime") {
            guard let end = GeneralizedTime.milliseconds(value) else {
                return AccountRules.unreadable("pwdEndTime", value)
            }
            if end <= now { return .barred(.expired, detail: "the account ended: pwdEndTime is \(value)") }
        }
        if let value = entry.first("pwdStartTime") {
            guard let start = GeneralizedTime.milliseconds(value) else {
                return AccountRules.unreadable("pwdStartTime", value)
            }
            if start > now {
                return .barred(.disabled, detail: "the account has not begun: pwdStartTime is \(value)")
            }
        }
        return .good
    }
}
