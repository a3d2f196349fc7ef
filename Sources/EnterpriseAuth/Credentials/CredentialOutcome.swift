/// What a provider says of a password: the one set of answers that every provider gives and every door shows alike.
public enum CredentialOutcome: Sendable {
    /// The password is right.
    case verified(Identity, notices: [CredentialNotice])

    /// The stack asks something more before it decides.
    case challenge(Challenge)

    /// The password is right, and must be changed before it is of use.
    case passwordChangeRequired(Identity, PasswordChangeReason)

    /// The source knows, and says no.
    case refused(Refusal)

    /// No answer. Never a guess, never counted against the person.
    case unavailable(Outage)
}
