internal import EnterpriseAuth
internal import EnterpriseAuthHummingbird
internal import HTTPTypes
internal import HostCrypto
internal import Hummingbird
internal import Logging

/// The paths of a protected host that belong to the portal: a browser gets the host's own cookie here.
///
/// 1. `start`, at the host: the browser gets a number, kept in a cookie of the host, and goes to the portal.
/// 2. At the portal: whoever is logged in gets a code and goes back; whoever is not, logs in first.
/// 3. `callback`, at the host: the code, and the number's hash that was sent along, open a session for this host alone.
///
/// The number ties the code to the browser that began: a code that somebody else has got for themselves is worthless in
/// it (login CSRF, RFC 9700 section 4.7).
final class HostDoor: Sendable {
    /// Where the portal's own part of the way begins.
    static let portalPath = "/api/hosts/login"

    private let manager: LoginManager
    private let policy: AccessPolicy
    private let cookie: CookieConfiguration
    private let stateCookie: CookieConfiguration
    private let entrance: LoginEntrance
    private let proxies: TrustedProxies
    private let pages: ProblemPages
    private let codes: HostCodes

    init(
        manager: LoginManager,
        policy: AccessPolicy,
        cookie: CookieConfiguration,
        entrance: LoginEntrance,
        proxies: TrustedProxies,
        pages: ProblemPages,
        codes: HostCodes
    ) {
        self.manager = manager
        self.policy = policy
        self.cookie = cookie
        var stateCookie = cookie
        stateCookie.name += "_state"
        // The browser comes back from another site; a strict cookie would not be sent.
        stateCookie.sameSite = .lax
        self.stateCookie = stateCookie
        self.entrance = entrance
        self.proxies = proxies
        self.pages = pages
        self.codes = codes
    }

    /// Answers a request to a host that is not the portal's own.
    func answer(_ request: Request, peer: String?, logger: Logger) async -> Response {
        let head = request.head
        guard let authority = head.authority, request.method == .get || request.method == .head, let target = head.path,
            let asked = AccessRequest(method: "GET", host: authority, target: target, address: nil),
            policy.protects(asked.host)
        else {
            return pages.plain(.misdirectedRequest, "This host is not known here.")
        }
        let place = RequestTarget(head)
        let query = place.query ?? ""
        switch place.path {
        // With a cookie for the whole domain hosts have no cookies of their own: one would hide the other.
        case LoginEntrance.prefix + "start" where !entrance.hasDomainCookie: return start(head, authority, query)
        // HEAD promises to change nothing, and a code is good once.
        case LoginEntrance.prefix + "callback" where request.method == .get && !entrance.hasDomainCookie:
            let client = proxies.client(of: head, peer: peer, logger: logger)
            return await callback(head, authority, query, host: asked.host, client, logger)
        case LoginEntrance.prefix + "logout":
            return Self.redirect("\(entrance.portal)/logout")
        case LoginEntrance.prefix + "forbidden":
            return await forbidden(head, asked.host, proxies.client(of: head, peer: peer, logger: logger))
        default: return pages.plain(.notFound, "There is no page at this address.")
        }
    }

    /// The portal's part: hands out a code to somebody who is logged in.
    /// - Parameters:
    ///   - session: The portal's own session, not one that hangs on another.
    ///   - query: The query of `portalPath`.
    /// - Returns: A redirect to the host.
    func grant(_ session: ResolvedSession, query: String) -> Response {
        let fields = query.utf8
        guard let authority = FormFields.value(of: "host", in: fields),
            let state = FormFields.value(of: "state", in: fields),
            let host = AccessRequest(method: "GET", host: authority, target: "/", address: nil)?.host,
            policy.protects(host), Base64URL.decode(state)?.count == Self.numberBytes
        else { return pages.plain(.badRequest, "This address is not complete.") }
        let code = codes.issue(session, authority: authority.lowercased(), state: state)
        let place = Self.encodedPlace(fields) + Self.again(fields)
        return Self.redirect(
            "\(entrance.scheme)://\(authority.lowercased())\(LoginEntrance.prefix)callback?code=\(code)&rd=\(place)"
        )
    }

    private func start(_ head: HTTPRequest, _ authority: String, _ query: String) -> Response {
        // Several tabs that begin at once share the number.
        let number: String
        switch RequestCookies.find(stateCookie.name, in: head.headerFields) {
        case .one(let known) where Base64URL.decode(known)?.count == Self.numberBytes: number = known
        default: number = Base64URL.encode(RandomBytes.bytes(Self.numberBytes))
        }
        let place = Self.encodedPlace(query.utf8) + Self.again(query.utf8)
        let host = PercentCoding.encoded(authority.lowercased())
        var response = Self.redirect(
            "\(entrance.portal)\(Self.portalPath)?host=\(host)&state=\(Self.hash(number))&rd=\(place)"
        )
        SetCookie.apply(.set(number, maximumAge: .seconds(600)), stateCookie, to: &response.headers)
        return response
    }

    private func callback(
        _ head: HTTPRequest,
        _ authority: String,
        _ query: String,
        host: String,
        _ client: SessionClient,
        _ logger: Logger
    ) async -> Response {
        // Taken first: whatever comes of it, it is used up.
        let grant = FormFields.value(of: "code", in: query.utf8).flatMap(codes.redeem)
        guard let grant, grant.authority == authority.lowercased(),
            case .one(let number) = RequestCookies.find(stateCookie.name, in: head.headerFields),
            grant.state == Self.hash(number)
        else {
            logger.notice("a login at a protected host could not be completed", metadata: ["host": "\(authority)"])
            manager.reportForeignCode(at: host, of: grant?.session, client: client)
            return await leadOn(head, query, host: host, client)
        }
        do throws(Outage) {
            guard let token = try await manager.openChild(of: grant.session, for: host, client: client) else {
                return await leadOn(head, query, host: host, client)
            }
            // The number stays: another tab may be on its way with a code that is tied to it.
            var response = Self.redirect(Self.place(FormFields.value(of: "rd", in: query.utf8)))
            SetCookie.apply(.set(token.text, maximumAge: nil), cookie, to: &response.headers)
            return response
        } catch {
            logger.warning("a session for a protected host could not be kept", metadata: ["outage": "\(error)"])
            return pages.unavailable(head, plainly: false)
        }
    }

    /// The page for proxies that cannot pass on the one that they were answered with (nginx).
    private func forbidden(_ head: HTTPRequest, _ host: String, _ client: SessionClient) async -> Response {
        var person: DirectoryUser?
        if case .one(let text) = RequestCookies.find(cookie.name, in: head.headerFields) {
            let resolution =
                entrance.hasDomainCookie
                ? await manager.resolve(text: text, client: client)
                : await manager.resolve(text: text, audience: host, client: client)
            if case .active(let session) = resolution { person = session.directoryUser }
        }
        return pages.forbidden(head, person: person, plainly: false)
    }

    /// Where a browser goes whose code is worth nothing: to the page if another tab has been faster, else through the
    /// login once more, and from there to a page that says so.
    private func leadOn(_ head: HTTPRequest, _ query: String, host: String, _ client: SessionClient) async -> Response {
        let fields = query.utf8
        if case .one(let text) = RequestCookies.find(cookie.name, in: head.headerFields),
            case .active = await manager.resolve(text: text, audience: host, client: client)
        {
            return Self.redirect(Self.place(FormFields.value(of: "rd", in: fields)))
        }
        let start = "\(LoginEntrance.prefix)start?rd=\(Self.encodedPlace(fields))"
        guard Self.again(fields).isEmpty else { return pages.tryAgain(head, target: start) }
        return Self.redirect("\(start)&again=1")
    }

    /// Goes along on the second way through the login, so that there is no third.
    private static func again(_ fields: some Collection<UInt8>) -> String {
        FormFields.value(of: "again", in: fields) == nil ? "" : "&again=1"
    }

    private static func encodedPlace(_ fields: some Collection<UInt8>) -> String {
        let place = PercentCoding.encoded(place(FormFields.value(of: "rd", in: fields)))
        return place.utf8.count <= LoginEntrance.placeLimit ? place : "%2F"
    }

    /// The number has as many bytes as its hash.
    private static let numberBytes = 32

    private static func hash(_ text: String) -> String {
        Base64URL.encode(SHA256Digest(of: text).bytes)
    }

    /// Where to go at the host itself: a path, and nothing else.
    private static func place(_ text: String?) -> String {
        guard let text, let target = NextTarget(text), target.text.hasPrefix("/") else { return "/" }
        return target.text
    }

    private static func redirect(_ target: String) -> Response {
        // The code must not travel on in a Referer.
        let headers: HTTPFields = [.location: target, .cacheControl: "no-store", .referrerPolicy: "no-referrer"]
        return Response(status: .seeOther, headers: headers)
    }
}
