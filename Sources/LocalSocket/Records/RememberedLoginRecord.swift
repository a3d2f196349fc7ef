public import EnterpriseAuth

/// A login that is remembered on one device; its id ends it as a session's does.
public struct RememberedLoginRecord: Codable, Sendable, Equatable {
    /// Names the remembered login for its whole life.
    public var id: String
    /// Through which kind of door it was last used: `web` or `local`.
    public var door: String
    /// Whose it is.
    public var userId: String
    /// The login name as the source spells it.
    public var loginName: String
    /// When the person logged in.
    public var createdAt: String
    /// When it last opened a session.
    public var usedAt: String
    /// When it ends unless it is used before.
    public var expiresAt: String
    /// The address that it was last used from; nil if there is none.
    public var address: String?
    /// The browser that it was last used with; nil if there is none.
    public var userAgent: String?

    /// Describes a remembered login.
    /// - Parameter series: The remembered login.
    public init(_ series: RememberSeries) {
        (id, door) = (series.id.description, series.client.kind.word)
        (createdAt, usedAt) = (series.createdAt.description, series.usedAt.description)
        expiresAt = series.expiresAt.description
        (userId, loginName) = (series.identity.userID.rawValue, series.identity.loginName)
        (address, userAgent) = (series.client.address, series.client.userAgent)
    }
}
