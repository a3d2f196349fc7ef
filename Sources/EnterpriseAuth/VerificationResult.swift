/// How the check of a password that begins no session ended.
public enum VerificationResult: Sendable {
    /// The password is right and the person is active.
    case verified(DirectoryUser)

    /// No. Show `Refusal.publicText` and nothing else.
    case refused(Refusal)

    /// Nobody could say. Show `Outage.publicText`.
    case unavailable(Outage)
}
