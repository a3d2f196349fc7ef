/// Which sessions are meant.
public enum SessionSelection: Sendable, Hashable {
    /// All sessions of everybody.
    case all
    /// All sessions of one person.
    case user(UserID)
    /// All sessions of everybody who has this login name, in whatever directory; compared byte by byte.
    case loginName(String)
    /// These sessions.
    case ids([SessionID])
}
