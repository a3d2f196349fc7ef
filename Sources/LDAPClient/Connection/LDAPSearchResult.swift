/// What a search brought.
public struct LDAPSearchResult: Sendable, Hashable {
    /// The entries, in the order in which the server sent them.
    public let entries: [LDAPEntry]

    /// How many places the server named where more could be found; they are never followed.
    public let referralCount: Int

    /// The code that closed the search.
    public let code: LDAPResultCode

    /// What the server said in addition; often empty.
    public let diagnostic: String

    /// Whether ``entries`` are all there are.
    ///
    /// False when a limit cut the list, so a caller who decides on absence or presence must not decide.
    public var isComplete: Bool { code == .success }

    /// The outcome of a search.
    /// - Parameters:
    ///   - entries: The entries.
    ///   - referralCount: How many references were ignored.
    ///   - code: The closing result code.
    ///   - diagnostic: The server's remark.
    public init(entries: [LDAPEntry], referralCount: Int = 0, code: LDAPResultCode, diagnostic: String = "") {
        self.entries = entries
        self.referralCount = referralCount
        self.code = code
        self.diagnostic = diagnostic
    }
}
