/// What happens to a login when a provider does not answer.
public enum OutagePolicy: String, Sendable, CaseIterable {
    /// The login is unavailable; no other provider is asked.
    case stop
    /// The next provider is asked. An attacker who can stop one provider then chooses the door.
    case next
}
