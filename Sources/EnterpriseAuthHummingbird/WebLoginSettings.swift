public import EnterpriseAuth
public import Hummingbird

/// How the web layer behaves: the counterpart of Flask-Login's attributes and `REMEMBER_COOKIE_…` settings.
public struct WebLoginSettings: Sendable {
    /// Builds the answer to a request that may not pass.
    public typealias Handler = @Sendable (LoginContext) async throws -> Response

    /// The session's cookie.
    public var cookie = CookieConfiguration(name: "__Host-ent_login")
    /// The cookie of people who have not logged in, made only when something is kept for them.
    public var visitorCookie = CookieConfiguration(name: "__Host-ent_visitor")
    /// How long that is kept after it was last changed.
    public var visitorLifetime: Duration = .seconds(3600)

    /// The cookie of a remembered login.
    public var rememberCookie = CookieConfiguration(name: "__Host-ent_login_remember")
    /// Whether every answer to a remembered person gives that cookie its whole time again, and not only a new token.
    ///
    /// The remembered login itself counts its time from the last use of its token in either case.
    public var refreshesRememberCookie = false
    /// The cookie by which a device is known from which somebody has logged in by password; nil makes all strangers.
    ///
    /// Other people's wrong passwords do not keep its owner out there. It opens nothing, and outlives logout.
    public var deviceCookie: CookieConfiguration? = CookieConfiguration(name: "__Host-ent_login_device")
    /// For how long after the last login by password a device is known.
    public var deviceLifetime: Duration = .seconds(180 * 86_400)

    /// Where people log in: a path or an absolute URL; without one, guards answer 401.
    public var loginView: String?
    /// Where people give their password again; without one, guards answer 401.
    public var refreshView: String?
    /// What people who are sent to the login view are told; nil tells them nothing.
    public var loginMessage: FlashMessage? = FlashMessage("Please log in to access this page.")
    /// What people who are sent to the refresh view are told; nil tells them nothing.
    public var refreshMessage: FlashMessage? = FlashMessage("Please reauthenticate to access this page.")
    /// What people are told whose remembered login has ended because a copy of it was used; nil tells them nothing.
    public var theftMessage: FlashMessage? = FlashMessage(
        "Your remembered login was used from somewhere else and has been ended. Please log in, and change your password "
            + "if you do not know why."
    )
    /// Translates these messages for a request.
    public var localize: (@Sendable (_ text: String, LoginContext) -> String)?
    /// Answers in the place of the redirect to the login view.
    public var unauthorized: Handler?
    /// Answers in the place of the redirect to the refresh view.
    public var needsRefresh: Handler?

    /// The query parameter that tells a view where to come back to.
    public var nextField = "next"
    /// Whether that place is kept in the session or the visitor's cookie, and not in the address.
    public var usesSessionForNext = false
    /// A host that redirects to the views name, whatever the request says.
    public var forcedHost: String?
    /// The origin under which browsers see the application; without it `Host` is believed in checks of the origin, and
    /// views elsewhere are not told where to come back to.
    public var origin: WebOrigin?
    /// The other hosts to which a login may send the browser back: names, or `*.` and a domain.
    public var redirectHosts: [String] = []

    /// The peers whose `X-Forwarded-For` is believed.
    public var trustedProxies: [NetworkRange] = []
    /// Tells whose a request without a session is.
    public var requestLoader: RequestLoader?
    /// Makes the user object of people who have not logged in.
    public var anonymousUser: @Sendable () -> any User = { AnonymousUser() }
    /// What `Retry-After` says where nobody can answer (RFC 9110 section 10.2.3).
    public var retryAfter: Duration = .seconds(5)

    /// Makes settings that send nobody anywhere: guards answer 401.
    public init() {}

    /// The names of all cookies of the layer.
    var cookieNames: [String] {
        [cookie.name, visitorCookie.name, rememberCookie.name] + [deviceCookie?.name].compactMap(\.self)
    }

    /// Takes what the configuration file says.
    /// - Parameter configuration: `[session] cookie`, `[remember] cookie`, `[throttle] enabled` and, if it is there,
    ///   `[portal]` are read.
    public init(_ configuration: LoginConfiguration) {
        cookie = configuration.session.cookie
        visitorCookie = cookie
        visitorCookie.name += "_visitor"
        rememberCookie = configuration.remember.cookie
        deviceCookie = configuration.throttle.enabled ? cookie : nil
        deviceCookie?.name += "_device"
        // No other host has a use for it.
        deviceCookie?.domain = nil
        guard let portal = configuration.portal else { return }
        origin = portal.publicURL
        redirectHosts = portal.redirectHosts
        trustedProxies = portal.trustedProxies
    }
}
