public import Logging
internal import Synchronization

/// The face of the library: logs people in, turns tokens back into people, and ends sessions.
///
/// One manager serves a whole process; all of its methods may be called from any task. Every door (portal, command line,
/// PAM module, a Swift application) goes through it and decides nothing itself. `run()` must be running for sessions to
/// be checked again in the background, swept, and written to the store in batches; without it each `resolve` asks the
/// sources itself whenever their last answer is older than `[active] recheck`.
public final class LoginManager: Sendable {
    /// Whom to ask now, and how long.
    let regime: LoginRegime.Current
    let userLoader: UserLoader?
    let keeper: SessionKeeper
    let checker: PersonChecker
    let trail: AuditTrail
    let unknownTokens = UnknownTokens()
    /// Slows guessing down; nil if the configuration does not want it.
    let throttle: LoginThrottle?
    /// Whose answers are waited for.
    let challenges = OpenChallenges()
    let metrics = LoginMetrics()
    let logger: Logger
    /// Waits until a refusal may be answered; tests replace it.
    let pause: @Sendable (ContinuousClock.Instant) async -> Void
    let upkeep = Mutex(Upkeep())

    /// Puts a manager together; nothing is asked or opened yet.
    /// - Parameters:
    ///   - configuration: The limits: `[login]`, `[active]`, `[session]`, `[remember]` and `[throttle]` are read here.
    ///   - chain: Who checks passwords.
    ///   - judge: Who decides whether a person is active.
    ///   - store: Where sessions outlive the process, used by this manager alone; nil keeps them in memory only. If it is
    ///     a `ThrottleStore` too, failures outlive the process there.
    ///   - userLoader: Turns an id back into an application's own user; nil gives `DirectoryUser`s. It also decides every
    ///     `[active] recheck` whether people for whom the application vouches may go on.
    ///   - auditLogs: Where login events go for good.
    ///   - clock: Tells the time of day.
    ///   - logger: Takes what the operator should see of the manager's own doings.
    public convenience init(
        configuration: LoginConfiguration,
        chain: ProviderChain,
        judge: any ActivityJudge,
        store: (any SessionStore)?,
        userLoader: UserLoader? = nil,
        auditLogs: [any AuditLog] = [],
        clock: any WallClock = SystemWallClock(),
        logger: Logger = Logger(label: "ent-login.sessions")
    ) {
        self.init(
            configuration: configuration,
            sources: PersonSources(chain: chain, judge: judge, userLoader: userLoader),
            store: store,
            trail: AuditTrail(logs: auditLogs),
            clock: clock,
            logger: logger,
            pause: { try? await Task.sleep(until: $0, clock: .continuous) }
        )
    }

    init(
        configuration: LoginConfiguration,
        sources: PersonSources,
        store: (any SessionStore)?,
        trail: AuditTrail,
        clock: any WallClock,
        logger: Logger,
        pause: @escaping @Sendable (ContinuousClock.Instant) async -> Void
    ) {
        let regime = LoginRegime.Current(LoginRegime(login: configuration.login, sources: sources))
        self.regime = regime
        userLoader = sources.userLoader
        self.trail = trail
        self.logger = logger
        self.pause = pause
        throttle = LoginThrottle(configuration.throttle, store: store, clock: clock, logger: logger, metrics: metrics)
        let rules = SessionRules(configuration.session, configuration.active)
        keeper = SessionKeeper(
            store: store,
            rules: rules,
            remember: RememberRules(configuration.remember),
            clock: clock,
            trail: trail,
            logger: logger
        )
        checker = PersonChecker(
            keeper: keeper,
            regime: regime,
            metrics: metrics
        )
    }

    /// The limits of a login, as they are now.
    package var login: LoginSettings { regime.value.login }

    var sources: PersonSources { regime.value.sources }

    /// The login events from now on, for notifications and tests; the audit logs get them in any case.
    /// - Parameter count: How many may wait; a listener that is slower loses the oldest.
    /// - Returns: A stream of its own for every call.
    public func events(bufferingNewest count: Int = 1024) -> AsyncStream<LoginEvent> {
        trail.events(bufferingNewest: count)
    }
}
