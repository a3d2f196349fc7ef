internal import EnterpriseAuth

/// A person, for programs.
struct PersonJSON: Encodable, Sendable {
    var id: String
    var loginName: String
    var displayName: String?
    var email: String?
    var provider: String
    var groups: [String]
    var isActive: Bool

    init(_ session: Session) {
        let identity = session.identity
        (id, loginName, provider) = (identity.userID.rawValue, identity.loginName, identity.provider)
        (displayName, email) = (identity.displayName, identity.email)
        (groups, isActive) = (session.groups, session.isActive)
    }
}

/// A session, for programs; the token is not part of it.
struct SessionJSON: Encodable, Sendable {
    var id: String
    var createdAt: String
    var authenticatedAt: String?
    var lastSeenAt: String
    var expiresAt: String
    var address: String?
    var userAgent: String?
    /// The remembered login that it belongs to.
    var remembered: String?

    init(_ session: Session) {
        id = session.id.description
        createdAt = session.createdAt.description
        authenticatedAt = session.authenticatedAt?.description
        lastSeenAt = session.lastSeenAt.description
        expiresAt = session.expiresAt.description
        (address, userAgent) = (session.client.address, session.client.userAgent)
        remembered = session.series?.description
    }
}
