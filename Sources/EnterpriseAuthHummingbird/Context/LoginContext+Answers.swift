internal import EnterpriseAuth
internal import HTTPTypes
public import Hummingbird
internal import Synchronization

extension LoginContext {
    /// The answer to a request that needs a login and has none.
    ///
    /// The handler of the settings decides, if there is one; otherwise a browser is sent to the login view with a message
    /// and the place to come back to, and everybody else gets 401.
    /// - Parameter view: A login view of the caller's own.
    /// - Returns: The answer.
    /// - Throws: `HTTPError` 401 where there is no view to go to, `LoginUnavailable` if nobody can say whose the message
    ///   is.
    public func unauthorized(loginView view: String? = nil) async throws -> Response {
        let web = try web
        web.send(.unauthorized(path: path))
        if let handler = web.settings.unauthorized { return try await personally(handler) }
        return try await refer(to: view ?? views(web).login, web.settings.loginMessage, web)
    }

    /// The answer to a request that needs a fresh login and has an old one.
    /// - Parameter view: A refresh view of the caller's own.
    /// - Returns: The answer.
    /// - Throws: `HTTPError` 401 where there is no view to go to, `LoginUnavailable` if the message could not be kept.
    public func needsRefresh(refreshView view: String? = nil) async throws -> Response {
        let web = try web
        web.send(.needsRefresh(path: path))
        if let handler = web.settings.needsRefresh { return try await personally(handler) }
        return try await refer(to: view ?? views(web).refresh, web.settings.refreshMessage, web)
    }

    /// What keeps a request out of a route that needs a login; nil lets it in.
    func obstacle(loginView: String?) async throws -> Response? {
        let user = try await user()
        if user.isAuthenticated { return nil }
        // Somebody who has logged in and may not come in would be sent round in a circle.
        if !user.isAnonymous, user.id != nil { throw HTTPError(.forbidden) }
        return try await unauthorized(loginView: loginView)
    }

    /// A redirect to where a person has come from, or to another place.
    /// - Parameter target: Where to; nil is the start page.
    /// - Returns: 303, so that the browser comes with GET.
    public func redirect(to target: NextTarget?) -> Response {
        Response(status: .seeOther, headers: [.location: (target ?? .root).text])
    }

    private var path: String { RequestTarget(head).path }

    /// The views of the group that the route belongs to, or the application's.
    func views(_ web: WebLogin) -> LoginState.Views {
        state.withLock { $0.views }
            ?? LoginState.Views(login: web.settings.loginView, refresh: web.settings.refreshView)
    }

    private func personally(_ handler: WebLoginSettings.Handler) async throws -> Response {
        state.withLock { $0.isPersonal = true }
        return try await handler(self)
    }

    private func refer(to view: String?, _ message: FlashMessage?, _ web: WebLogin) async throws -> Response {
        state.withLock { $0.isPersonal = true }
        guard let view, WantedAnswer(head.headerFields, unsaid: .page).isPage else { throw noView(web) }
        let settings = web.settings
        let url = LoginURL(
            view: view,
            field: settings.nextField,
            forcedHost: settings.forcedHost,
            origin: settings.origin
        )
        guard !url.isView(path, of: head.authority) else { throw noView(web) }
        if let message {
            let text = settings.localize.map { $0(message.text, self) } ?? message.text
            try await flash(FlashMessage(text, category: message.category))
        }
        var next = NextTarget(RequestTarget(head).text)
        if settings.usesSessionForNext, let place = next {
            do {
                try await changeData { data throws(SessionDataProblem) in try data.set(place.text, for: Bag.nextKey) }
                next = nil
            } catch is SessionDataProblem {
                // What is too long to be kept goes by the address.
            }
        }
        return Response(status: redirection, headers: [.location: url.text(next: next)])
    }

    /// 302 as Flask-Login; what would be sent again with its method and content gets 303 (RFC 9110 section 15.4.3).
    private var redirection: HTTPResponse.Status {
        switch head.method {
        case .get, .head, .post: .found
        default: .seeOther
        }
    }

    private func noView(_ web: WebLogin) -> HTTPError {
        var headers = HTTPFields()
        if let challenge = web.settings.requestLoader?.challenge { headers[.wwwAuthenticate] = challenge }
        return HTTPError(.unauthorized, headers: headers)
    }
}
