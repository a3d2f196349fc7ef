/// `[remember]`: logins that outlive the browser, by a rotating token of their own.
public struct RememberConfiguration: Sendable, Equatable {
    /// Whether people may ask to be remembered.
    public var enabled = false
    /// For how long after its last use a remembered login lasts.
    public var lifetime: Duration = .seconds(30 * 86_400)
    /// For how long after the login, at most, one is remembered whose source does not show changes of the password.
    public var blindLifetime: Duration = .seconds(86_400)
    /// For how long the previous token still counts, so that parallel requests do not look like theft.
    public var grace: Duration = .seconds(60)
    /// The browser's cookie.
    public var cookie = CookieConfiguration(name: "__Host-ent_login_remember")

    /// Makes the default: nobody is remembered.
    public init() {}
}
