/// Why a session ended.
public enum SessionEndReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// The person logged out.
    case logout
    /// The person logged in again in its place.
    case replaced
    /// The person has too many sessions, and this was the oldest.
    case limit
    /// It was not used for longer than `idle`.
    case idle
    /// It is older than `lifetime`.
    case lifetime
    /// The group rules no longer hold.
    case inactive
    /// The account is gone, disabled or expired.
    case gone
    /// The person's password was changed elsewhere.
    case passwordChanged = "password_changed"
    /// The token came from another client, and the protection is `strong`.
    case clientChanged = "client_changed"
    /// The person ended it from another session.
    case user
    /// An operator ended it.
    case administrator
    /// Somebody used a remember token that was used before: all that came from that login ends.
    case theft
    /// The person came back by the login that was remembered, and this was the session before.
    case restored
    /// The store did not take it.
    case notStored = "not_stored"
}

extension SessionEndReason {
    /// Whether only this session is over, and not the login that is remembered with it.
    var keepsSeries: Bool {
        switch self {
        case .idle, .lifetime, .restored: true
        case .logout, .replaced, .limit, .inactive, .gone, .passwordChanged, .clientChanged, .user, .administrator,
            .theft, .notStored:
            false
        }
    }
}
