extension Refusal {
    /// Why a login was refused.
    public enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// The provider does not know the name; the next provider is asked.
        case unknownUser = "unknown_user"
        /// The name is known and the password is not its own.
        case wrongPassword = "wrong_password"
        /// Too many failures, or an administrator locked the account.
        case locked
        /// The account is switched off.
        case disabled
        /// The account (not the password) is past its end.
        case expired
        /// The source forbids this login for another reason.
        case notPermitted = "not_permitted"
        /// The password is right and the group rules do not hold.
        case inactive
        /// What was typed may not be shown to any provider.
        case malformed
        /// Too many failures here; no provider was asked.
        case throttled

        /// Whether this counts as a guess at a password.
        public var countsAsGuess: Bool {
            self == .unknownUser || self == .wrongPassword
        }
    }
}
