/// What the access rules say of one request, and which of them said it.
public struct AccessDecision: Sendable, Hashable {
    /// What is to be done with the request.
    public enum Verdict: Sendable, Hashable {
        /// It may pass.
        case allowed
        /// It may pass once somebody has logged in, perhaps.
        case loginRequired
        /// It may not, and logging in again does not help.
        case forbidden
        /// Nobody can say now; show 503.
        case unavailable(Outage)
        /// The person's groups were looked up before the rule knew which groups it means: look again, then ask again.
        case askAgain
    }

    /// What is to be done.
    public let verdict: Verdict
    /// The place of the rule that decided among `[[portal.access]]`, from 0; nil if none matched.
    public let rule: Int?
    /// Why, for the operator and the log; never for the person.
    public let reason: String

    package init(_ verdict: Verdict, rule: Int? = nil, _ reason: String) {
        self.verdict = verdict
        self.rule = rule
        self.reason = reason
    }
}
