/// That a session was used, and when the sources last answered about its person.
public struct SessionTouch: Sendable, Hashable {
    /// Which session.
    public let id: SessionID

    /// When it was last used.
    public let lastSeenAt: Timestamp

    /// When the sources last answered about its person.
    public let lastVerdictAt: Timestamp

    /// Puts a touch together.
    /// - Parameters:
    ///   - id: Which session.
    ///   - lastSeenAt: When it was last used.
    ///   - lastVerdictAt: When the sources last answered about its person.
    public init(id: SessionID, lastSeenAt: Timestamp, lastVerdictAt: Timestamp) {
        self.id = id
        self.lastSeenAt = lastSeenAt
        self.lastVerdictAt = lastVerdictAt
    }
}
