/// Why something typed may not be shown to any provider.
public enum CredentialsProblem: String, Error, Sendable, Hashable {
    /// No user name.
    case emptyUsername = "the user name is empty"
    /// More than `Credentials.maximumUsernameBytes`.
    case usernameTooLong = "the user name is longer than 256 bytes"
    /// A control character (or a replacement character, which stands for broken UTF-8) in the user name.
    case usernameHasControlCharacters = "the user name holds a control character"
    /// Bytes that are not UTF-8.
    case usernameNotUTF8 = "the user name is not UTF-8"
    /// No password.
    case emptyPassword = "the password is empty"
    /// More than `Credentials.maximumPasswordBytes`.
    case passwordTooLong = "the password is longer than 511 bytes"
    /// A NUL, which C libraries would take for the end.
    case passwordHasNUL = "the password holds a NUL byte"
}
