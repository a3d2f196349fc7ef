/// What a check of a person, without the password, came to.
enum CheckOutcome: Sendable {
    /// The person is still active, or a lock-out that passes is no reason to end a session.
    case stands
    /// The person's sessions have ended for this reason.
    case ended(SessionEndReason)
    /// Nobody could say.
    case unavailable(Outage)
}
