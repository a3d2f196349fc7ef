public import HostSystem

/// What a person typed, and where it came from.
public struct Credentials: Sendable {
    /// The longest user name, in bytes of UTF-8.
    public static let maximumUsernameBytes = 256

    /// The longest password, in bytes; what a PAM response can carry (`PAM_MAX_RESP_SIZE` minus the end).
    public static let maximumPasswordBytes = 511

    /// The user name, byte for byte as typed.
    public let username: String

    /// The password, byte for byte as typed.
    public let password: SecretBytes

    /// The address of the person's machine as a literal, for `PAM_RHOST` and the audit log; nil at a terminal.
    public let remoteAddress: String?

    /// Takes what was typed, unless no provider may be asked with it.
    ///
    /// Refused are: an empty user name or one longer than `maximumUsernameBytes` or with a control character; an empty
    /// password (RFC 4513 section 5.1.2: a directory takes it for an anonymous bind and says success), one longer than
    /// `maximumPasswordBytes`, and one with a NUL, which C libraries would cut off (OWASP ASVS 6.2.8).
    /// - Parameters:
    ///   - username: The user name as typed.
    ///   - password: The password as typed.
    ///   - remoteAddress: The address of the person's machine as a literal.
    /// - Throws: `CredentialsProblem`, which doors answer like a wrong password.
    public init(username: String, password: SecretBytes, remoteAddress: String? = nil) throws(CredentialsProblem) {
        guard !username.isEmpty else { throw .emptyUsername }
        guard username.utf8.count <= Self.maximumUsernameBytes else { throw .usernameTooLong }
        let hasControl = username.unicodeScalars.contains { scalar in
            scalar.properties.generalCategory == .control || scalar.value == 0xFFFD
        }
        guard !hasControl else { throw .usernameHasControlCharacters }
        guard !password.isEmpty else { throw .emptyPassword }
        guard password.count <= Self.maximumPasswordBytes else { throw .passwordTooLong }
        guard !password.contains(0) else { throw .passwordHasNUL }
        self.username = username
        self.password = password
        self.remoteAddress = remoteAddress
    }

    /// Takes a user name as raw bytes, which must be UTF-8.
    /// - Parameters:
    ///   - usernameBytes: The user name as it came over a wire or on a command line.
    ///   - password: The password as typed.
    ///   - remoteAddress: The address of the person's machine as a literal.
    /// - Throws: `CredentialsProblem`, also for bytes that are not UTF-8.
    public init(
        usernameBytes: some Collection<UInt8>,
        password: SecretBytes,
        remoteAddress: String? = nil
    ) throws(CredentialsProblem) {
        guard let username = String(validating: usernameBytes, as: UTF8.self) else { throw .usernameNotUTF8 }
        try self.init(username: username, password: password, remoteAddress: remoteAddress)
    }
}
