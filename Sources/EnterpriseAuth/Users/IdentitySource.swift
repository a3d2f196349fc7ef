/// Where a person comes from, and so who is asked about their groups and account.
public enum IdentitySource: Sendable, Hashable, Codable {
    /// A person of the configured directory `name`, found as the entry `dn`.
    case directory(name: String, dn: String)

    /// A person of the host's own user database, behind the PAM provider `provider`.
    case local(provider: String, uid: UInt32)

    /// A person whom the application itself has checked and whom no source of ours knows.
    ///
    /// While a session lives, the provider that has checked the person is asked again, if one has, and the user loader.
    case application
}
