/// Whose password was right, as the source that checked it knows the person.
///
/// Stored with the session as it is, so it holds nothing secret.
public struct Identity: Sendable, Hashable, Codable {
    /// Who this is, for ever.
    public let userID: UserID

    /// The login name as the source spells it (RFC 4519 `uid`, or `PAM_USER` read back), never as it was typed.
    public let loginName: String

    /// The configured name of the provider that checked the password.
    public let provider: String

    /// Where group membership and account state are asked.
    public let source: IdentitySource

    /// The name to show, if the source has one.
    public let displayName: String?

    /// The mail address, if the source has one.
    public let email: String?

    /// A text that changes when the password changes (`pwdChangedTime`, `pwdLastSet`), if the source shows one.
    public let passwordVersion: String?

    /// Puts an identity together.
    /// - Parameters:
    ///   - userID: Who this is, for ever.
    ///   - loginName: The login name as the source spells it.
    ///   - provider: The configured name of the provider.
    ///   - source: Where group membership and account state are asked.
    ///   - displayName: The name to show.
    ///   - email: The mail address.
    ///   - passwordVersion: A text that changes when the password changes.
    public init(
        userID: UserID,
        loginName: String,
        provider: String,
        source: IdentitySource,
        displayName: String? = nil,
        email: String? = nil,
        passwordVersion: String? = nil
    ) {
        self.userID = userID
        self.loginName = loginName
        self.provider = provider
        self.source = source
        self.displayName = displayName
        self.email = email
        self.passwordVersion = passwordVersion
    }
}
