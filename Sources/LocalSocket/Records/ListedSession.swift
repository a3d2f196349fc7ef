public import EnterpriseAuth

/// A live session with its person.
public struct ListedSession: Codable, Sendable, Equatable {
    /// Whose it is.
    public var user: PersonRecord
    /// The session.
    public var session: SessionRecord

    /// Describes a session with its person.
    /// - Parameter session: The session.
    public init(_ session: Session) {
        (user, self.session) = (PersonRecord(session), SessionRecord(session))
    }
}
