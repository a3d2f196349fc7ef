public import EnterpriseAuth
public import HTTPTypes
internal import Hummingbird
public import Logging
internal import NIOCore
internal import Synchronization

/// Who asks, in one request: `context.login` of every route behind `LoginMiddleware`.
///
/// Nothing is looked up until somebody asks, and then once. Where nobody can answer its methods throw `LoginUnavailable`,
/// which becomes 503; let it pass. If two tasks of one request ask at the same time the first answer is everybody's.
public final class LoginContext: Sendable {
    /// For routes without `LoginMiddleware`: everything throws.
    static let missing = LoginContext(
        web: nil,
        head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: nil),
        peer: nil,
        logger: Logger(label: "ent-login.web")
    )

    /// The request's head.
    public let head: HTTPRequest

    /// The request's logger.
    public let logger: Logger

    private let layer: WebLogin?
    private let peer: SocketAddress?
    let state = Mutex(LoginState())

    init(web: WebLogin?, head: HTTPRequest, peer: SocketAddress?, logger: Logger) {
        layer = web
        self.head = head
        self.peer = peer
        self.logger = logger
    }

    var web: WebLogin {
        get throws(LoginSetupError) {
            guard let layer else { throw LoginSetupError() }
            return layer
        }
    }

    func isOf(_ web: WebLogin) -> Bool { layer === web }

    /// The user if somebody has asked before, a guard for example.
    var loadedUser: (any User)? { state.withLock { $0.user } }

    /// Where the request comes from: the peer, or behind trusted proxies the person's machine.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public var client: SessionClient {
        get throws {
            if let client = state.withLock({ $0.client }) { return client }
            let client = try web.proxies.client(of: head, peer: peer?.ipAddress, logger: logger)
            state.withLock { $0.client = client }
            return client
        }
    }

    /// The live session of the request, if there is one, or else the one that a remembered login opens.
    ///
    /// A request loader that is asked before the session and recognizes credentials makes the request theirs: then there
    /// is no session, whatever cookie came with it.
    /// - Returns: The session; nil if the request came without a token, or with one that is nobody's.
    /// - Throws: `LoginUnavailable` if nobody can say.
    public func session() async throws -> ResolvedSession? {
        let web = try web
        if web.settings.requestLoader?.precedence == .beforeSession {
            guard case .nothing = try await requestLoad(web) else { return nil }
        }
        let (known, issued, generation) = state.withLock { ($0.resolution, $0.issued, $0.generation) }
        if let known { return try session(of: known, web) }
        let resolution: Resolution
        if let issued {
            resolution = await web.manager.resolve(issued, client: try client)
        } else {
            resolution = try await resolveCookies(web)
        }
        state.withLock { state in
            // A login or logout in the meantime knows better.
            if state.generation == generation { state.resolution = resolution }
        }
        return try session(of: resolution, web)
    }

    /// Asks for the session that the request came with, or for the login that its browser remembers.
    private func resolveCookies(_ web: WebLogin) async throws -> Resolution {
        let found = RequestCookies.find(web.settings.cookie.name, in: head.headerFields)
        let resolution = try await resolve(found, web)
        // Where somebody has planted a second cookie, a new session would be no better, and each request would open one.
        guard case .anonymous = resolution, found != .ambiguous else { return resolution }
        return try await restore(web) ?? resolution
    }

    private func resolve(_ found: RequestCookies.Finding, _ web: WebLogin) async throws -> Resolution {
        guard found != .none else { return .anonymous(.noToken) }
        state.withLock { $0.isPersonal = true }
        guard case .one(let text) = found else {
            logger.notice("a request with two session cookies is taken for nobody's")
            return .anonymous(.malformedToken)
        }
        return await web.manager.resolve(text: text, client: try client)
    }

    private func session(of resolution: Resolution, _ web: WebLogin) throws -> ResolvedSession? {
        switch resolution {
        case .anonymous: return nil
        case .active(let session): return session
        case .unavailable(let outage): throw LoginUnavailable(outage: outage, retryAfter: web.settings.retryAfter)
        }
    }

    /// Who asks: Flask-Login's `current_user`.
    /// - Returns: The user of the session, or of the request loader, or an anonymous one.
    /// - Throws: `LoginUnavailable` if nobody can say.
    public func user() async throws -> any User {
        if let user = loadedUser { return user }
        let web = try web
        let user = try await load(web)
        let (kept, isFirst) = state.withLock { state in
            if let earlier = state.user { return (earlier, false) }
            state.user = user
            return (user, true)
        }
        if isFirst { web.send(.accessed(kept)) }
        return kept
    }

    private func load(_ web: WebLogin) async throws -> any User {
        if let session = try await session() {
            switch await session.user() {
            case .user(let user): return user
            case .unavailable(let outage):
                throw LoginUnavailable(outage: outage, retryAfter: web.settings.retryAfter)
            case .gone: state.withLock { $0.resolution = .anonymous(.ended(.gone)) }
            }
        }
        if case .user(let user) = try await requestLoad(web) { return user }
        return web.settings.anonymousUser()
    }

    /// Asks the request loader, once.
    private func requestLoad(_ web: WebLogin) async throws -> RequestLoad {
        let (known, generation) = state.withLock { ($0.requestLoad, $0.generation) }
        // Whoever logs in or out in this request is who it is from then on.
        guard let loader = web.settings.requestLoader, generation == 0 else { return .nothing }
        let load: RequestLoad
        if let known {
            load = known
        } else {
            let answer = await loader.ask(head, try client)
            let isFirst: Bool
            (load, isFirst) = state.withLock { state in
                if let earlier = state.requestLoad { return (earlier, false) }
                state.requestLoad = answer
                if case .nothing = answer {} else { state.isPersonal = true }
                return (answer, true)
            }
            if isFirst, case .user(let user) = load { web.send(.loadedFromRequest(user)) }
        }
        if case .unavailable(let outage) = load {
            throw LoginUnavailable(outage: outage, retryAfter: web.settings.retryAfter)
        }
        return load
    }

    /// Whether the password was given within `[session] fresh_for`.
    /// - Returns: True if there is a session and it is fresh.
    /// - Throws: `LoginUnavailable` if nobody can say.
    public func isFresh() async throws -> Bool {
        try await session()?.isFresh ?? false
    }

    /// Whether the password was given within a time of the caller's own.
    /// - Parameter window: How long ago at most.
    /// - Returns: True if there is a session and it is that fresh.
    /// - Throws: `LoginUnavailable` if nobody can say.
    public func isFresh(within window: Duration) async throws -> Bool {
        try await session()?.isFresh(within: window) ?? false
    }

    /// The user as templates show it.
    /// - Returns: What templates call `current_user`.
    /// - Throws: `LoginUnavailable` if nobody can say.
    public func templateUser() async throws -> TemplateUser {
        TemplateUser(try await user())
    }
}
