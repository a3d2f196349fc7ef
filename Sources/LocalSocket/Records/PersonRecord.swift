public import EnterpriseAuth

/// A person, as answers for programs show them.
public struct PersonRecord: Codable, Sendable, Equatable {
    /// Who it is, for ever.
    public var id: String
    /// The login name as the source spells it.
    public var loginName: String
    /// The name to show, if the source has one.
    public var displayName: String?
    /// The mail address, if the source has one.
    public var email: String?
    /// The configured name of the provider that checked the password.
    public var provider: String
    /// The names of the person's groups.
    public var groups: [String]
    /// Whether the group rules hold.
    public var isActive: Bool

    /// Describes the person of a session.
    /// - Parameter session: The session.
    public init(_ session: Session) {
        let identity = session.identity
        (id, loginName, provider) = (identity.userID.rawValue, identity.loginName, identity.provider)
        (displayName, email) = (identity.displayName, identity.email)
        (groups, isActive) = (session.groups, session.isActive)
    }
}
