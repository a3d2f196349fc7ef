/// What a source says of an account without its password.
public enum AccountStanding: Sendable, Hashable {
    /// It stands; the identity is as the source shows it now.
    case good(Identity)

    /// It is locked for a while: no new login, but live sessions go on.
    case temporarilyLocked(Identity)

    /// It is gone, disabled, expired, or no longer matched by the user filter: sessions end.
    case ended(Refusal)

    /// No answer.
    case unavailable(Outage)
}
