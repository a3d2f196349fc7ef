internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import EnterpriseAuthTesting
internal import HTTPTypes
internal import Hummingbird

/// The application that Flask-Login's own tests log in to and out of, for outside suites that want to try ours.
///
/// Everything stays in memory. Log in by GET, as that fixture does: never do so in an application of your own.
struct ConformanceApp: Sendable {
    typealias Context = BasicLoginRequestContext

    let settings: ConformanceSettings
    let manager: LoginManager
    let web: WebLogin

    init(_ settings: ConformanceSettings, clock: any WallClock = SystemWallClock(), userLoader: UserLoader? = nil) {
        var active = ActiveConfiguration()
        active.everyone = true
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["fixture"]),
            providers: [:],
            active: active
        )
        configuration.session.protection = settings.protection
        configuration.remember = settings.remember
        configuration.login.refusalTime = .zero
        let provider = ScriptedProvider(name: "fixture")
        for (uid, person) in ConformancePerson.all.enumerated() {
            let identity = Identity(
                userID: UserID(rawValue: person.number),
                loginName: person.name.lowercased(),
                provider: "fixture",
                source: .local(provider: "fixture", uid: UInt32(uid))
            )
            provider.add(identity, password: "password of \(person.name.lowercased())")
        }
        manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: [provider]),
            judge: ScriptedJudge(),
            store: nil,
            userLoader: userLoader ?? { id in ConformancePerson.all.first { $0.id == id } },
            clock: clock
        )
        self.settings = settings
        var webSettings = settings.web
        webSettings.requestLoader = webSettings.requestLoader ?? Self.queryLoader()
        web = WebLogin(manager, settings: webSettings, clock: clock)
    }

    /// Takes the user whose number stands in the address: good for a test, and nothing else.
    static func queryLoader(_ precedence: RequestLoader.Precedence = .afterSession) -> RequestLoader {
        RequestLoader(precedence: precedence) { request, _ in
            let query = request.path?.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
            guard let field = query.split(separator: "&").first(where: { $0.hasPrefix("user_id=") }) else {
                return .nothing
            }
            let person = ConformancePerson.all.first { $0.number == field.dropFirst("user_id=".count) }
            return person.map { .user($0) } ?? .refused
        }
    }

    /// The routes of the fixture.
    func router() -> Router<Context> {
        let router = Router(context: Context.self)
        router.add(middleware: LoginMiddleware(web))
        router.add(middleware: CSRFProtection())
        addPages(to: router)
        addLogins(to: router)
        addGuarded(to: router)
        return router
    }
}

extension Bool {
    /// As Python writes it.
    var word: String { self ? "True" : "False" }
}
