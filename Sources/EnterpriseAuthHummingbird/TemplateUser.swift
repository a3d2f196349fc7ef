public import EnterpriseAuth

/// The user as templates show it, under the name `current_user`.
///
/// Plain properties that any template library can look up by their names; texts are to be escaped by the template.
public struct TemplateUser: Sendable, Hashable {
    /// Whether somebody has logged in.
    public let isAuthenticated: Bool
    /// Whether it is a visitor who has not.
    public let isAnonymous: Bool
    /// Whether the group rules hold.
    public let isActive: Bool
    /// Who it is; empty for a visitor.
    public let id: String
    /// The name to show: display name, login name or id, whichever is there first; empty for a visitor.
    public let name: String
    /// The login name; empty if it is not known.
    public let loginName: String
    /// The mail address; empty if it is not known.
    public let email: String
    /// The names of the groups that are known.
    public let groups: [String]

    /// Takes what a template may show.
    /// - Parameter user: The user.
    public init(_ user: any User) {
        let known = user as? DirectoryUser
        isAuthenticated = user.isAuthenticated
        isAnonymous = user.isAnonymous
        isActive = user.isActive
        id = user.id?.rawValue ?? ""
        loginName = known?.loginName ?? ""
        name = known?.displayName ?? known?.loginName ?? user.id?.value ?? ""
        email = known?.email ?? ""
        groups = known?.groups ?? []
    }
}
