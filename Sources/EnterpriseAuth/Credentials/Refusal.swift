/// A source's no, with the reason for the operator.
///
/// To the person every reason looks the same: `Refusal.publicText`. The reason and the detail go to the audit log,
/// metrics and `explain`.
public struct Refusal: Error, Sendable, Hashable {
    /// The one text for every refusal.
    public static let publicText =
        "The user name or password is not right, or this account may not log in here."

    /// Why, in one word.
    public let reason: Reason

    /// The configured name of the provider that refused, empty if none was asked.
    public let provider: String

    /// One line for the operator: which server, which step, which result code; never a secret.
    public let detail: String

    /// Puts a refusal together.
    /// - Parameters:
    ///   - reason: Why, in one word.
    ///   - provider: The configured name of the provider that refused.
    ///   - detail: One line for the operator.
    public init(_ reason: Reason, provider: String = "", detail: String) {
        self.reason = reason
        self.provider = provider
        self.detail = detail
    }
}
