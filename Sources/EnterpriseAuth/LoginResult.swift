/// How an attempt to log in ended.
public enum LoginResult: Sendable {
    /// There is a new session.
    case success(LoginSuccess)

    /// The stack asks something more; go on with `LoginManager.answer(_:client:replacing:)`.
    case challenge(Challenge)

    /// The password is right, the person is active, and the password must be changed first. No session has begun.
    case passwordChangeRequired(Identity, PasswordChangeReason)

    /// No. Show `Refusal.publicText` and nothing else.
    case refused(Refusal)

    /// Nobody could say. Show `Outage.publicText`.
    case unavailable(Outage)
}
