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
        do throws(Problem) {
            return await answer(try question(head, dialect, rest: rest, peer: peer, logger), logger)
        } catch {
            switch error {
            case .wrongSetup(let detail):
                logger.error("a proxy is set up wrong", metadata: ["detail": "\(detail)"])
                return pages.plain(
                    .internalServerError,
                    "The proxy in front of this page is set up wrong: \(detail)."
                )
            case .unreadable(let detail):
                logger.notice("an authorisation request cannot be read", metadata: ["detail": "\(detail)"])
                // nginx understands three answers only.
                return pages.plain(dialect == .authRequest ? .forbidden : .badRequest, detail)
            }
        }
    }

    /// Answers a proxy where memory alone can tell, which it nearly always can, and the answer has no body.
    /// - Parameters:
    ///   - head: The proxy's request.
    ///   - peer: The address of the connection's other end; nil if nobody knows it.
    ///   - logger: The server's logger.
    /// - Returns: What the other, waiting way would answer; nil if only that can.
    func answerAtOnce(_ head: HTTPRequest, peer: String?, logger: Logger) -> HTTPResponse? {
        guard let target = head.path, let (dialect, rest) = ForwardAuthDialect.find(target),
            let question = try? question(head, dialect, rest: rest, peer: peer, logger)
        else { return nil }
        let session: ResolvedSession?
        if let text = token(of: question) {
            switch manager.resolveAtOnce(text: text, audience: audience(of: question), client: question.client) {
            case .active(let found): session = found
            case .anonymous: session = nil
            case nil, .unavailable: return nil
            }
        } else {
            session = nil
        }
        switch policy.decide(question.request.access, for: session).verdict {
        case .allowed: return allowed(session)
        case .loginRequired: return loginRequired(question)
        case .forbidden, .unavailable, .askAgain: return nil
        }
    }

    /// Reads what a proxy asks; the one place that says whom to believe.
    private func question(
        _ head: HTTPRequest,
        _ dialect: ForwardAuthDialect,
        rest: Substring,
        peer: String?,
        _ logger: Logger
    ) throws(Problem) -> Question {
        guard let peer, proxies.isTrusted(peer: peer) else {
            let who = peer ?? "an unknown address"
            throw .wrongSetup("\(who) asks \(ForwardAuthDialect.prefix) and is not in portal.trusted_proxies")
        }
        let client = proxies.client(of: head, peer: peer, logger: logger)
        let request: ForwardedRequest
        do throws(ForwardedRequest.Problem) {
            request = try ForwardedRequest(head, dialect, rest: rest, address: client.address)
        } catch {
            throw error.isOfProxy ? .wrongSetup(error.text) : .unreadable(error.text)
        }
        if !entrance.hasDomainCookie, request.target.hasPrefix(LoginEntrance.prefix) {
            // Sent to the login, the browser would be asked about again there, for ever.
            throw .wrongSetup("the proxy asks about \(LoginEntrance.prefix) and must hand it to portal.listen")
        }
        return Question(head: head, dialect: dialect, request: request, client: client)
    }

    private func answer(_ question: Question, _ logger: Logger) async -> Response {
        let (request, head) = (question.request, question.head)
        let isPlain = question.dialect == .authRequest
        let (decision, session) = await decide(question, await resolve(question))
        switch decision.verdict {
        case .allowed:
            return Self.response(allowed(session))
        case .loginRequired:
            return Self.response(loginRequired(question))
        case .forbidden:
            logger.info(
                "access is forbidden",
                metadata: ["host": "\(request.access.host)", "detail": "\(decision.reason)"]
            )
            if let session, refusals.isNews(session.id, request.access.host, decision.rule) {
                manager.reportRefusal(of: request.access, to: session, decision.reason, client: question.client)
            }
            return pages.forbidden(head, person: session?.directoryUser, plainly: isPlain)
        case .unavailable, .askAgain:
            logger.warning("access cannot be decided", metadata: ["outage": "\(decision.reason)"])
            return pages.unavailable(head, plainly: isPlain)
        }
    }

    private func resolve(_ question: Question) async -> Resolution {
        guard let text = token(of: question) else { return .anonymous(.noToken) }
        guard let audience = audience(of: question) else {
            return await manager.resolve(text: text, client: question.client)
        }
        return await manager.resolve(text: text, audience: audience, client: question.client)
    }

    private func token(of question: Question) -> String? {
        guard case .one(let text) = RequestCookies.find(cookie.name, in: question.head.headerFields) else { return nil }
        return text
    }

    /// What a token must be good for; nil where one cookie is for all hosts.
    private func audience(of question: Question) -> String? {
        cookie.domain == nil ? question.request.access.host : nil
    }

    private func decide(_ question: Question, _ resolution: Resolution) async -> (AccessDecision, ResolvedSession?) {
        let access = question.request.access
        switch resolution {
        case .anonymous:
            return (policy.decide(access, for: nil), nil)
        case .unavailable(let outage):
            // What everyone or nobody may see does not depend on who it is.
            let decision = policy.decide(access, for: nil)
            guard case .loginRequired = decision.verdict else { return (decision, nil) }
            return (AccessDecision(.unavailable(outage), rule: decision.rule, outage.description), nil)
        case .active(let session):
            let decision = policy.decide(access, for: session)
            guard case .askAgain = decision.verdict else { return (decision, session) }
            switch await manager.recheck(session, client: question.client) {
            case .active(let now): return (policy.decide(access, for: now), now)
            case .anonymous: return (policy.decide(access, for: nil), nil)
            case .unavailable(let outage):
                return (AccessDecision(.unavailable(outage), rule: decision.rule, outage.description), nil)
            }
        }
    }

    /// Yes, with all that the application may know.
    private func allowed(_ session: ResolvedSession?) -> HTTPResponse {
        var headers = IdentityHeaders.fields(for: session?.isActive == true ? session?.directoryUser : nil)
        headers[.cacheControl] = "no-store"
        return HTTPResponse(status: .ok, headerFields: headers)
    }

    /// Sends a browser to the login, and tells every other client that it needs one.
    private func loginRequired(_ question: Question) -> HTTPResponse {
        let (request, dialect) = (question.request, question.dialect)
        var headers: HTTPFields = [.cacheControl: "no-store", .location: entrance.url(for: request)]
        let isPage = WantedAnswer(question.head.headerFields).isPage
        if dialect != .authRequest, isPage {
            return HTTPResponse(status: request.isRead ? .found : .seeOther, headerFields: headers)
        }
        headers[.wwwAuthenticate] = "Cookie realm=\"login\""
        if dialect != .authRequest { headers[.location] = nil }
        return HTTPResponse(status: .unauthorized, headerFields: headers)
    }

    private static func response(_ head: HTTPResponse) -> Response {
        Response(status: head.status, headers: head.headerFields)
    }
}

extension ForwardAuth {
    /// What a trusted proxy asks.
    private struct Question {
        let head: HTTPRequest
        let dialect: ForwardAuthDialect
        let request: ForwardedRequest
        let client: SessionClient
    }

    /// Why that cannot be told.
    private enum Problem: Error {
        /// The proxy does not ask as it should.
        case wrongSetup(String)
        /// A browser has sent what no browser sends.
        case unreadable(String)
    }
}
