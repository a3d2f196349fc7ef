public import HostSystem

/// Who a service connection is bound as.
public enum LDAPServiceIdentity: Sendable {
    /// Nobody.
    case anonymous
    /// A service account with a password.
    case simple(name: String, password: SecretBytes)
    /// Whoever the client certificate or the local socket says (SASL EXTERNAL).
    case external
}
