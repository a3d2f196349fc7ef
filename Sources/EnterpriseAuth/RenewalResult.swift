/// How an attempt to make a live session fresh ended.
public enum RenewalResult: Sendable {
    /// The session is fresh and has a new token; the old one is dead.
    case renewed(LoginSuccess)

    /// There is no live session to renew.
    case anonymous(Resolution.AnonymousReason)

    /// The stack asks something more; go on with `LoginManager.reauthenticate(_:answering:client:)`.
    case challenge(Challenge)

    /// The password is right and must be changed first; the session is as it was.
    case passwordChangeRequired(Identity, PasswordChangeReason)

    /// No; the session is as it was.
    case refused(Refusal)

    /// Nobody could say; the session is as it was.
    case unavailable(Outage)
}
