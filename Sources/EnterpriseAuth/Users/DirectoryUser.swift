/// A person as the sources know them: from a directory, or from the host's own user database behind a PAM stack.
public struct DirectoryUser: User, Hashable {
    /// Who this is, for ever.
    public var id: UserID? { identity.userID }

    /// The facts that the credential provider or the directory gave.
    public let identity: Identity

    /// The names of the groups that the person was found in, sorted; those of the rules at least.
    public let groups: [String]

    /// Whether the group rules of `[active]` held when the sources were last asked.
    public let isActive: Bool

    /// The login name as the source spells it, never as it was typed.
    public var loginName: String { identity.loginName }

    /// The name to show, if the source has one.
    public var displayName: String? { identity.displayName }

    /// The mail address, if the source has one.
    public var email: String? { identity.email }

    /// Puts a person together.
    /// - Parameters:
    ///   - identity: The facts that the source gave.
    ///   - groups: The names of the groups that the person was found in.
    ///   - isActive: Whether the group rules hold.
    public init(identity: Identity, groups: [String], isActive: Bool) {
        self.identity = identity
        self.groups = groups
        self.isActive = isActive
    }
}
