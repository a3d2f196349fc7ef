/// `[providers.NAME]`: one thing that can check a password.
public enum ProviderConfiguration: Sendable, Equatable {
    /// An LDAP bind.
    case ldap(LDAPProviderConfiguration)
    /// A PAM stack.
    case pam(PAMProviderConfiguration)

    /// The provider's name in the file.
    public var name: String {
        switch self {
        case .ldap(let provider): provider.name
        case .pam(let provider): provider.name
        }
    }

    /// The name of the directory whose people this provider authenticates, nil for local people.
    public var directory: String? {
        switch self {
        case .ldap(let provider): provider.directory
        case .pam(let provider): provider.directory
        }
    }
}
