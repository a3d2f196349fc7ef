/// Whether a person is active.
public enum ActivityVerdict: Sendable, Hashable {
    /// The rules hold; `groups` are the names of the groups that the person was found in.
    case active(groups: [String])

    /// The rules do not hold; the reason names the rule, for the operator.
    case inactive(reason: String, groups: [String])

    /// Nobody could say.
    case unavailable(Outage)
}
