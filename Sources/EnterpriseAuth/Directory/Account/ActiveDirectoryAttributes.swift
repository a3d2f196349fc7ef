internal import LDAPClient

/// Active Directory's account attributes ([MS-ADTS] sections 2.2.16 and 3.1.1.4.5.17).
struct ActiveDirectoryAttributes {
    private static let disabled = 0x2
    private static let locked = 0x10
    private static let passwordNeverExpires = 0x1_0000
    private static let passwordExpired = 0x80_0000

    let entry: LDAPEntry
    let now: Int64

    var state: AccountState {
        guard let control = number("userAccountControl", default: 0),
            let computed = number("msDS-User-Account-Control-Computed", default: 0),
            let expires = number("accountExpires", default: 0),
            let lastSet = number("pwdLastSet", default: 1)
        else { return .barred(.disabled, detail: "an account attribute of Active Directory cannot be read") }
        if control & Self.disabled != 0 {
            return .barred(.disabled, detail: "userAccountControl \(control) says that the account is disabled")
        }
        // Zero and the largest number both mean never.
        if expires != 0, expires != Int.max, GeneralizedTime.milliseconds(windowsTicks: Int64(expires)) <= now {
            return .barred(.expired, detail: "accountExpires \(expires) is past")
        }
        if computed & Self.locked != 0 {
            return .temporarilyLocked(detail: "locked by msDS-User-Account-Control-Computed \(computed)")
        }
        if control & Self.passwordNeverExpires != 0 { return .good }
        if lastSet == 0 { return .passwordChangeRequired(.mustChange, detail: "pwdLastSet is 0") }
        if computed & Self.passwordExpired != 0 {
            let detail = "msDS-User-Account-Control-Computed \(computed) says that the password has expired"
            return .passwordChangeRequired(.expired, detail: detail)
        }
        return .good
    }

    private func number(_ attribute: String, default missing: Int) -> Int? {
        guard let text = entry.first(attribute) else { return missing }
        return Int(text)
    }
}
