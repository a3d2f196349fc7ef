public import EnterpriseAuth
internal import HostCrypto
public import HostSystem

/// The login layer of one web application: Flask-Login's `LoginManager` at the web door.
///
/// ```swift
/// let web = WebLogin(manager, settings: settings)
/// let router = Router(context: BasicLoginRequestContext.self)
/// router.add(middleware: LoginMiddleware(web))
/// router.group("settings").add(middleware: LoginRequired()).get { … }
/// ```
///
/// It decides nothing: who somebody is, the manager says.
public final class WebLogin: Sendable {
    /// Who decides.
    public let manager: LoginManager

    /// How this layer behaves.
    public let settings: WebLoginSettings

    let keys: WebKeys
    let proxies: TrustedProxies
    let clock: any WallClock
    private let listeners = EventListeners<WebLoginEvent>()

    /// Puts the layer together.
    /// - Parameters:
    ///   - manager: Who decides.
    ///   - settings: How this layer behaves.
    ///   - key: 32 random bytes from which the keys of visitors' cookies, forms and known devices are made, best those of
    ///     `LoginManager.secret(named:)`. Without one they are made anew, so that a form that was open during a restart
    ///     must be opened again, and all devices are strangers.
    ///   - clock: Tells the time of day.
    public init(
        _ manager: LoginManager,
        settings: WebLoginSettings = WebLoginSettings(),
        key: SecretBytes? = nil,
        clock: any WallClock = SystemWallClock()
    ) {
        precondition(
            Set(settings.cookieNames).count == settings.cookieNames.count,
            "the cookies of the login layer need different names"
        )
        self.manager = manager
        self.settings = settings
        self.clock = clock
        keys = WebKeys(key ?? RandomBytes.secret(32))
        proxies = TrustedProxies(settings.trustedProxies)
    }

    /// The events of this layer from now on; `LoginManager.events` has the others.
    /// - Parameter count: How many may wait; a listener that is slower loses the oldest.
    /// - Returns: A stream of its own for every call.
    public func events(bufferingNewest count: Int = 1024) -> AsyncStream<WebLoginEvent> {
        listeners.events(bufferingNewest: count)
    }

    func send(_ event: WebLoginEvent) {
        listeners.send(event)
    }

    /// Reads where to go.
    func target(_ text: String) -> NextTarget? {
        NextTarget(text, origin: settings.origin, redirectHosts: settings.redirectHosts)
    }
}
