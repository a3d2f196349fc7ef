/// What the source wants the person to know although the password is right.
public enum CredentialNotice: Sendable, Hashable {
    /// The password expires after this time.
    case expires(in: Duration)
    /// The password has expired; this many logins are left.
    case graceLogins(remaining: Int)
    /// A text of the PAM stack (`PAM_TEXT_INFO`), as it stands.
    case message(String)
}
