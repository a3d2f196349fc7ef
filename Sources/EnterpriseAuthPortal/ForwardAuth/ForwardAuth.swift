internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Answers proxies that ask whether a request may pass.
///
/// It believes headers of trusted proxies only. An outage is 503 and never a refusal; a refusal of somebody who is known is
/// 403 and never a redirect, which would go round in a circle.
final class ForwardAuth: Sendable {
    private let manager: LoginManager
    private let policy: AccessPolicy
    private let cookie: CookieConfiguration
    private let proxies: TrustedProxies
    private let entrance: LoginEntrance
    private let pages: ProblemPages
    private let refusals = RecentRefusals()

    init(
        manager: LoginManager,
        policy: AccessPolicy,
        cookie: CookieConfiguration,
        proxies: TrustedProxies,
        entrance: LoginEntrance,
        pages: ProblemPages
    ) {
        self.manager = manager
        self.policy = policy
        self.cookie = cookie
        self.proxies = proxies
        self.entrance = entrance
        self.pages = pages
    }

    /// Answers a proxy.
    ///
    /// A proxy that is set up wrong gets 500: every proxy closes on it, and nobody takes it for a lack of rights.
    /// - Parameters:
    ///   - head: The proxy's request.
    ///   - dialect: How it asks.
    ///   - rest: What follows the dialect's path.
    ///   - peer: The address of the connection's other end; nil if nobody knows it, which is nobody to trust.
    ///   - logger: Takes a line about what should not happen.
    /// - Returns: The answer.
    func answer(
        _ head: HTTPRequest,
        _ dialect: ForwardAuthDialect,
        rest: Substring,
        peer: String?,
        logger: Logger
    ) async -> Response {
        guard let peer, proxies.isTrusted(peer: peer) else {
            let who = peer ?? "an unknown address"
            return wrongSetup("\(who) asks \(ForwardAuthDialect.prefix) and is not in portal.trusted_proxies", logger)
        }
        let client = proxies.client(of: head, peer: peer, logger: logger)
        let request: ForwardedRequest
        do throws(ForwardedRequest.Problem) {
            request = try ForwardedRequest(head, dialect, rest: rest, address: client.address)
        } catch {
            guard !error.isOfProxy else { return wrongSetup(error.text, logger) }
            logger.notice("an authorisation request cannot be read", metadata: ["detail": "\(error.text)"])
            // nginx understands three answers only.
            return pages.plain(dialect == .authRequest ? .forbidden : .badRequest, error.text)
        }
        if !entrance.hasDomainCookie, request.target.hasPrefix(LoginEntrance.prefix) {
            // Sent to the login, the browser would be asked about again there, for ever.
            return wrongSetup("the proxy asks about \(LoginEntrance.prefix) and must hand it to portal.listen", logger)
        }
        return await answer(request, head, dialect, client, logger)
    }

    private func wrongSetup(_ detail: String, _ logger: Logger) -> Response {
        logger.error("a proxy is set up wrong", metadata: ["detail": "\(detail)"])
        return pages.plain(.internalServerError, "The proxy in front of this page is set up wrong: \(detail).")
    }

    private func answer(
        _ request: ForwardedRequest,
        _ head: HTTPRequest,
        _ dialect: ForwardAuthDialect,
        _ client: SessionClient,
        _ logger: Logger
    ) async -> Response {
        let resolution = await resolve(head, request, client)
        let (decision, session) = await decide(request, resolution, client)
        switch decision.verdict {
        case .allowed:
            return Response(status: .ok, headers: headers(for: session?.isActive == true ? session : nil))
        case .loginRequired:
            return loginRequired(request, head, dialect)
        case .forbidden:
            logger.info(
                "access is forbidden",
                metadata: ["host": "\(request.access.host)", "detail": "\(decision.reason)"]
            )
            if let session, refusals.isNews(session.id, request.access.host, decision.rule) {
                manager.reportRefusal(of: request.access, to: session, decision.reason, client: client)
            }
            return pages.forbidden(head, person: session?.directoryUser, plainly: dialect == .authRequest)
        case .unavailable, .askAgain:
            logger.warning("access cannot be decided", metadata: ["outage": "\(decision.reason)"])
            return pages.unavailable(head, plainly: dialect == .authRequest)
        }
    }

    private func resolve(
        _ head: HTTPRequest,
        _ request: ForwardedRequest,
        _ client: SessionClient
    ) async -> Resolution {
        guard case .one(let text) = RequestCookies.find(cookie.name, in: head.headerFields) else {
            return .anonymous(.noToken)
        }
        if cookie.domain != nil { return await manager.resolve(text: text, client: client) }
        return await manager.resolve(text: text, audience: request.access.host, client: client)
    }

    private func decide(
        _ request: ForwardedRequest,
        _ resolution: Resolution,
        _ client: SessionClient
    ) async -> (AccessDecision, ResolvedSession?) {
        switch resolution {
        case .anonymous:
            return (policy.decide(request.access, for: nil), nil)
        case .unavailable(let outage):
            // What everyone or nobody may see does not depend on who it is.
            let decision = policy.decide(request.access, for: nil)
            guard case .loginRequired = decision.verdict else { return (decision, nil) }
            return (AccessDecision(.unavailable(outage), rule: decision.rule, outage.description), nil)
        case .active(let session):
            let decision = policy.decide(request.access, for: session)
            guard case .askAgain = decision.verdict else { return (decision, session) }
            switch await manager.recheck(session, client: client) {
            case .active(let now): return (policy.decide(request.access, for: now), now)
            case .anonymous: return (policy.decide(request.access, for: nil), nil)
            case .unavailable(let outage):
                return (AccessDecision(.unavailable(outage), rule: decision.rule, outage.description), nil)
            }
        }
    }

    private func headers(for session: ResolvedSession?) -> HTTPFields {
        var headers = IdentityHeaders.fields(for: session?.directoryUser)
        headers[.cacheControl] = "no-store"
        return headers
    }

    /// Sends a browser to the login, and tells every other client that it needs one.
    private func loginRequired(
        _ request: ForwardedRequest,
        _ head: HTTPRequest,
        _ dialect: ForwardAuthDialect
    ) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store", .location: entrance.url(for: request)]
        let isPage = WantedAnswer(head.headerFields).isPage
        if dialect != .authRequest, isPage {
            return Response(status: request.isRead ? .found : .seeOther, headers: headers)
        }
        headers[.wwwAuthenticate] = "Cookie realm=\"login\""
        if dialect != .authRequest { headers[.location] = nil }
        return Response(status: .unauthorized, headers: headers)
    }
}
