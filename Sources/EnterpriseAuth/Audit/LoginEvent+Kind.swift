extension LoginEvent {
    /// What happened.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Somebody tried to log in; the outcome says with what success.
        case login
        /// The password was asked again within a session.
        case reauthentication
        /// The application said that it has checked the password again.
        case confirmation
        /// A password came with a request that begins no session.
        case verification
        /// Somebody who is logged in entered a protected host, or came there with a code that is not theirs.
        case hostSession = "host_session"
        /// Somebody who is logged in asked for what the access rules keep from them.
        case access
        /// A session ended; the reason says why.
        case sessionEnd = "session_end"
        /// A request of another client came with a session's token, and the session is no longer fresh.
        case clientChange = "client_change"
        /// Somebody came with a well-formed token that no session has.
        case unknownToken = "unknown_token"
        /// A request named a place to go to that may not be followed.
        case refusedRedirect = "refused_redirect"
        /// A request that changes something did not come from one of our pages.
        case refusedForgery = "refused_forgery"
        /// Sources no longer answer about live sessions, or answer again.
        case recheck
        /// Somebody came back by a login that was remembered; the outcome says with what success.
        case restoration
        /// A remembered login ended; the reason says why, and its id stands in the place of a session's.
        case rememberEnd = "remember_end"
        /// Somebody came with a remember token that was used before; all that came from that login has ended.
        case theft = "remember_theft"
        /// An operator has made the throttle forget failures.
        case throttleClear = "throttle_clear"
        /// Sessions that nobody used any more were removed from the store.
        case sweep
    }

    /// How it ended.
    public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        /// Yes.
        case success
        /// No.
        case refused
        /// The stack asks something more.
        case challenge
        /// The password was right and must be changed.
        case passwordChangeRequired = "password_change_required"
        /// No answer.
        case unavailable
    }
}
