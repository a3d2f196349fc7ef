/// What a remember token came to.
public enum RestoreResult: Sendable {
    /// There is a session again, not fresh, and with it the token that takes the used one's place.
    ///
    /// Requests that come with the same token at the same time get the same session and the same successor.
    case restored(LoginSuccess)

    /// Nobody: take the cookie away.
    case anonymous(Resolution.AnonymousReason)

    /// Nobody can say now; show 503, keep the cookie. The token is as good as before.
    case unavailable(Outage)
}
