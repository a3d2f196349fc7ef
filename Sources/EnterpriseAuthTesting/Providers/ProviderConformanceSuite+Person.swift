extension ProviderConformanceSuite {
    /// Somebody whom the backend knows.
    public struct Person: Sendable, Hashable {
        /// What is typed as user name.
        public var username: String
        /// The right password.
        public var password: String
        /// What the right password comes to.
        public var outcome: Outcome
        /// The login name as the backend spells it.
        public var loginName: String
        /// Whether a wrong password may be tried without changing what comes after.
        public var toleratesGuesses: Bool

        /// Puts a person together.
        /// - Parameters:
        ///   - username: What is typed as user name.
        ///   - password: The right password.
        ///   - outcome: What the right password comes to.
        ///   - loginName: The login name as the backend spells it; as typed by default.
        ///   - toleratesGuesses: Whether a wrong password may be tried without changing what comes after.
        public init(
            _ username: String,
            password: String,
            outcome: Outcome = .active,
            loginName: String? = nil,
            toleratesGuesses: Bool = true
        ) {
            self.username = username
            self.password = password
            self.outcome = outcome
            self.loginName = loginName ?? username
            self.toleratesGuesses = toleratesGuesses
        }
    }

    /// What a backend can do; scenarios that need more are left out.
    public enum Trait: String, Sendable, Hashable, CaseIterable {
        /// It takes names as directories do: without regard to case and to spaces at the ends.
        case foldsNames = "folds_names"
        /// It tells unknown names from wrong passwords.
        case tellsUnknownNames = "tells_unknown_names"
        /// It can look at an account without its password.
        case rechecks
    }

    /// What a login comes to, in one word.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The password is right and the person is active.
        case active
        /// The password is right and the person is not active.
        case inactive
        /// The password is right and must be changed.
        case change
        /// Something more is asked.
        case challenge
        /// The name is not known.
        case unknownUser = "unknown_user"
        /// The password is wrong.
        case wrongPassword = "wrong_password"
        /// Locked.
        case locked
        /// Disabled.
        case disabled
        /// The account has ended.
        case expired
        /// Forbidden for another reason.
        case notPermitted = "not_permitted"
        /// What was typed may not be shown to any provider.
        case malformed
        /// No answer.
        case unavailable

        /// Whether it lets nobody in and tells the person nothing.
        public var isRefusal: Bool {
            switch self {
            case .active, .change, .challenge, .unavailable: false
            case .inactive, .unknownUser, .wrongPassword, .locked, .disabled, .expired, .notPermitted, .malformed: true
            }
        }
    }
}
