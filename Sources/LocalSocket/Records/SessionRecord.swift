public import EnterpriseAuth

/// A session, as answers for programs show it; the token is not part of it.
public struct SessionRecord: Codable, Sendable, Equatable {
    /// Names the session for its whole life.
    public var id: String
    /// Through which kind of door the person logged in: `web` or `local`.
    public var door: String
    /// When it began.
    public var createdAt: String
    /// When the password was last given; nil if it never was.
    public var authenticatedAt: String?
    /// When it was last used.
    public var lastSeenAt: String
    /// When it ends at the latest.
    public var expiresAt: String
    /// The address that the person logged in from; nil if there is none.
    public var address: String?
    /// The browser that the person logged in with; nil if there is none.
    public var userAgent: String?
    /// The remembered login that it belongs to.
    public var remembered: String?

    /// Describes a session.
    /// - Parameter session: The session.
    public init(_ session: Session) {
        id = session.id.description
        door = session.client.kind.word
        createdAt = session.createdAt.description
        authenticatedAt = session.authenticatedAt?.description
        lastSeenAt = session.lastSeenAt.description
        expiresAt = session.expiresAt.description
        (address, userAgent) = (session.client.address, session.client.userAgent)
        remembered = session.series?.description
    }
}

extension SessionClient.Kind {
    /// The kind as a word of the answers.
    var word: String {
        switch self {
        case .web: "web"
        case .local: "local"
        }
    }
}
