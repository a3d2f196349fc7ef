public import EnterpriseAuth

/// The answer to one request.
///
/// Which of its fields are there depends on the request and the outcome.
public struct LocalAnswer: Codable, Sendable {
    /// How it ended.
    public var outcome: LocalOutcome
    /// Why, in one sentence, where it is no success.
    public var message: String?
    /// The person (`login`, `restore`, `whoami`).
    public var user: PersonRecord?
    /// The session (`login`, `restore`, `whoami`).
    public var session: SessionRecord?
    /// Whether the password was given lately (`whoami`).
    public var isFresh: Bool?
    /// What the person should be told (`login`).
    public var notices: [NoticeRecord]?
    /// Texts to show before the questions (`challenge`).
    public var messages: [String]?
    /// The questions (`challenge`).
    public var prompts: [PromptRecord]?
    /// How many sessions have ended (`logout`, `sessions.end`).
    public var ended: Int?
    /// The ids that no session has (`sessions.end`).
    public var unknown: [String]?
    /// Live sessions, the newest first (`sessions.list`).
    public var sessions: [ListedSession]?
    /// Remembered logins, the one that was used last first (`sessions.list`).
    public var remembered: [RememberedLoginRecord]?
    /// Counters, those first that must wait (`throttle.list`).
    public var entries: [ThrottleRecord]?
    /// How many counters have been cleared (`throttle.clear`).
    public var cleared: Int?
    /// What is wrong with the configuration, or doubtful about it (`reload`).
    public var problems: [String]?
    /// Whether a list goes on: ask for `more`.
    public var more: Bool?

    /// The token of a new session (`login`, `restore`); it stands in the answer as `token`, and is never part of anything printed.
    public var token: SessionToken?

    /// What the login outlives its session by (`login`, `restore`); it stands in the answer as `remember_token`, and is
    /// never part of anything printed.
    public var rememberToken: RememberToken?

    enum CodingKeys: String, CodingKey {
        case outcome, message, user, session, isFresh, notices, messages, prompts, ended, unknown, sessions, remembered
        case entries, cleared, problems, more
    }

    /// Makes an answer without fields.
    /// - Parameters:
    ///   - outcome: How it ended.
    ///   - message: Why, in one sentence.
    public init(_ outcome: LocalOutcome, _ message: String? = nil) {
        (self.outcome, self.message) = (outcome, message)
    }
}

extension LocalAnswer {
    /// There is no session that a request could be about.
    static let notLoggedIn = LocalAnswer(.refused, "You are not logged in.")

    /// Nobody could say, and the person is told no more.
    static let unavailable = LocalAnswer(.unavailable, Outage.publicText)
}
