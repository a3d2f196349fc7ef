/// Why a right password is of no use until it is changed.
public enum PasswordChangeReason: String, Sendable, Hashable, Codable {
    /// Its time is over (`passwordExpired` of the password policy control, `PAM_NEW_AUTHTOK_REQD`).
    case expired
    /// An administrator set it (`changeAfterReset`).
    case mustChange = "must_change"
}
