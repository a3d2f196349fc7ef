/// What a server says about the state of a password beside the result of a bind.
///
/// Joined from the control of draft-behera-ldap-password-policy (`1.3.6.1.4.1.42.2.27.8.5.1`) and the two older Netscape
/// controls that 389-ds sends, sometimes all of them together. Where both speak, the first one is believed: it alone
/// tells a grace login from an expired password.
public struct PasswordPolicyResponse: Sendable, Hashable {
    /// The error number of the control; numbers that are not named here survive.
    public struct Problem: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The number on the wire.
        public let rawValue: Int32

        /// Wraps a number.
        /// - Parameter rawValue: The number on the wire.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// The password has expired; with result 49 it was the right one.
        public static let passwordExpired = Problem(rawValue: 0)
        /// The account is locked, whatever the password.
        public static let accountLocked = Problem(rawValue: 1)
        /// The password was reset by somebody else and must be changed.
        public static let changeAfterReset = Problem(rawValue: 2)
        /// The person may not change the password.
        public static let passwordModNotAllowed = Problem(rawValue: 3)
        /// The old password must be sent with the new one.
        public static let mustSupplyOldPassword = Problem(rawValue: 4)
        /// The new password is too weak.
        public static let insufficientPasswordQuality = Problem(rawValue: 5)
        /// The new password is too short.
        public static let passwordTooShort = Problem(rawValue: 6)
        /// The old password is too young to be changed.
        public static let passwordTooYoung = Problem(rawValue: 7)
        /// The new password was used before.
        public static let passwordInHistory = Problem(rawValue: 8)
        /// The new password is too long (OpenLDAP only).
        public static let passwordTooLong = Problem(rawValue: 9)

        /// The name of the number in the draft, or the number.
        public var description: String {
            let names = [
                "passwordExpired", "accountLocked", "changeAfterReset", "passwordModNotAllowed",
                "mustSupplyOldPassword", "insufficientPasswordQuality", "passwordTooShort", "passwordTooYoung",
                "passwordInHistory", "passwordTooLong",
            ]
            let index = Int(rawValue)
            return names.indices.contains(index) ? names[index] : "policy error \(rawValue)"
        }
    }

    /// In how many seconds the password expires, if the server warns.
    public var secondsBeforeExpiration: Int?

    /// How many more logins the expired password is good for; zero means that this one was the last.
    public var graceLoginsRemaining: Int?

    /// What is wrong with the password or the account.
    public var problem: Problem?

    /// A response with the given parts.
    /// - Parameters:
    ///   - secondsBeforeExpiration: The warning, if there is one.
    ///   - graceLoginsRemaining: The grace logins, if the server counts them.
    ///   - problem: The error, if there is one.
    public init(secondsBeforeExpiration: Int? = nil, graceLoginsRemaining: Int? = nil, problem: Problem? = nil) {
        self.secondsBeforeExpiration = secondsBeforeExpiration
        self.graceLoginsRemaining = graceLoginsRemaining
        self.problem = problem
    }
}
