/// What the server answered to a bind.
///
/// A refused bind is a value, not an error: only the absence of an answer is thrown.
public struct LDAPBindOutcome: Sendable, Hashable {
    /// The result code; `success` is the only one that means bound.
    public let code: LDAPResultCode

    /// What the server said in addition; Active Directory puts its sub-code here (`data 52e`).
    public let diagnostic: String

    /// What the server told about the state of the password, if it sent a control that says so.
    public let passwordPolicy: PasswordPolicyResponse?

    /// Whether the server has accepted name and password.
    public var isSuccess: Bool { code == .success }

    /// The outcome of a bind.
    /// - Parameters:
    ///   - code: The result code.
    ///   - diagnostic: The server's remark.
    ///   - passwordPolicy: The state of the password.
    public init(code: LDAPResultCode, diagnostic: String = "", passwordPolicy: PasswordPolicyResponse? = nil) {
        self.code = code
        self.diagnostic = diagnostic
        self.passwordPolicy = passwordPolicy
    }
}
