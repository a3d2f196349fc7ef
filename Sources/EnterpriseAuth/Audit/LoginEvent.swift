/// One line of the audit log: who, what, when, from where, how it ended and why.
///
/// Never a password, never a token. What a person typed stands in `name` as it was typed; every writer of events
/// neutralises control characters (OWASP ASVS 16.4.1).
public struct LoginEvent: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// What happened.
    public var kind: Kind
    /// How it ended.
    public var outcome: Outcome
    /// Why, in one word: a `Refusal.Reason`, `Outage.Kind` or `SessionEndReason`; empty if there is nothing to say.
    public var reason: String
    /// One line for the operator: which server, which step, which result code.
    public var detail: String
    /// Who, if that is known.
    public var userID: UserID?
    /// The login name: the source's where the person is known, otherwise what was typed.
    public var name: String?
    /// The configured name of the provider that decided.
    public var provider: String?
    /// Which session.
    public var sessionID: SessionID?
    /// The hash of a token that no session has.
    public var tokenHash: SessionTokenHash?
    /// Where the request came from.
    public var client: SessionClient?
    /// How many were concerned, where that is not one.
    public var count: Int?

    /// Puts an event together; what is not given is not known.
    /// - Parameters:
    ///   - kind: What happened.
    ///   - outcome: How it ended.
    ///   - time: When.
    ///   - reason: Why, in one word.
    ///   - detail: One line for the operator.
    public init(_ kind: Kind, _ outcome: Outcome, at time: Timestamp, reason: String = "", detail: String = "") {
        self.kind = kind
        self.outcome = outcome
        self.time = time
        self.reason = reason
        self.detail = detail
    }
}
