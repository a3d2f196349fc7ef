public import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import PortalPages

/// The login portal: its pages for browsers, and its answers to proxies and to monitoring.
///
/// A door like any other: what it shows, the `LoginManager` and the `AccessPolicy` have decided.
public final class Portal: Sendable {
    /// The configuration's `[portal]`.
    let settings: PortalConfiguration
    private let web: WebLogin
    private let door: PortalDoor
    private let hostDoor: HostDoor
    /// Answers proxies.
    let auth: ForwardAuth
    private let operations: OperationsRoutes
    private let assets: PortalAssets
    /// Logins on their way to a protected host.
    private let codes: HostCodes

    /// Puts the portal together.
    /// - Parameters:
    ///   - parts: Who decides, and what the pages show.
    ///   - appearance: What makes its pages the company's own.
    ///   - configuration: `[portal]`, `[session] cookie`, `[remember]` and `[throttle] enabled` are read here.
    ///   - predecessor: The portal whose place this one takes: logins on their way to a protected host get there.
    /// - Throws: `PortalProblem` if there is no `[portal]`, or the templates cannot be read.
    public init(
        _ parts: PortalParts,
        appearance: PortalAppearance,
        configuration: LoginConfiguration,
        succeeding predecessor: Portal? = nil
    ) throws(PortalProblem) {
        guard let settings = configuration.portal else { throw PortalProblem("there is no [portal]") }
        self.settings = settings
        (assets, codes) = (appearance.assets, predecessor?.codes ?? HostCodes())
        let pages = try Self.pages(appearance)
        let problems = ProblemPages(pages: pages)
        let cookie = configuration.session.cookie
        let proxies = TrustedProxies(settings.trustedProxies)
        let entrance = LoginEntrance(portal: settings.publicURL, hasDomainCookie: cookie.domain != nil)
        web = WebLogin(parts.manager, settings: Self.webSettings(configuration, pages), key: parts.key)
        door = PortalDoor(
            manager: parts.manager,
            pages: pages,
            canRemember: configuration.remember.enabled,
            scheme: entrance.scheme
        )
        hostDoor = HostDoor(
            manager: parts.manager,
            policy: parts.access,
            cookie: cookie,
            entrance: entrance,
            proxies: proxies,
            pages: problems,
            codes: codes
        )
        auth = ForwardAuth(
            manager: parts.manager,
            policy: parts.access,
            cookie: cookie,
            proxies: proxies,
            entrance: entrance,
            pages: problems
        )
        operations = OperationsRoutes(parts: parts)
    }

    private static func pages(_ appearance: PortalAppearance) throws(PortalProblem) -> PageAnswers {
        guard let renderer = try? PageRenderer(appearance.brand) else {
            throw PortalProblem("the templates of the pages cannot be read: report this, it is a fault of ours")
        }
        return PageAnswers(renderer: renderer, phraseBook: appearance.phraseBook, assets: appearance.assets)
    }

    private static func webSettings(_ configuration: LoginConfiguration, _ pages: PageAnswers) -> WebLoginSettings {
        var settings = WebLoginSettings(configuration)
        settings.loginView = PortalDoor.Path.login
        settings.refreshView = PortalDoor.Path.relogin
        settings.loginMessage = FlashMessage("login_needed", category: "info")
        settings.refreshMessage = nil
        settings.theftMessage = FlashMessage("remember_stolen", category: "error")
        settings.localize = { text, login in pages.phrases(login.head).text(text) }
        return settings
    }

    /// What browsers see.
    func publicRouter() -> Router<BasicLoginRequestContext> {
        let router = Router(context: BasicLoginRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: BodilessHead())
        router.add(middleware: TransportSecurity(isHTTPS: settings.publicURL.scheme == "https"))
        router.add(middleware: AssetMiddleware(assets: assets))
        router.add(middleware: HostSwitch(origin: settings.publicURL, door: hostDoor))
        router.add(middleware: LoginMiddleware(web))
        router.add(middleware: ErrorPages(pages: door.pages))
        router.add(middleware: FormDeadline())
        router.add(middleware: CSRFProtection(field: PortalDoor.proofField))
        LoginRoutes(door: door).add(to: router)
        ReloginRoutes(door: door).add(to: router)
        AccountRoutes(door: door).add(to: router)
        PersonRoutes(door: door).add(to: router)
        router.get(RouterPath(HostDoor.portalPath)) { [door, hostDoor] request, context in
            guard let session = try await door.session(context.login) else {
                return try await context.login.unauthorized()
            }
            return hostDoor.grant(session, query: request.uri.query ?? "")
        }
        return router
    }

    /// What proxies and monitoring see.
    func internalRouter() -> Router<BasicLoginRequestContext> {
        let router = Router(context: BasicLoginRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: BodilessHead())
        router.add(middleware: ForwardAuthMiddleware(auth: auth))
        operations.add(to: router)
        return router
    }
}
