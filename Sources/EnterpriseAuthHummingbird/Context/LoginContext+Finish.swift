internal import EnterpriseAuth
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

extension LoginContext {
    /// Adds to an answer what the request has changed.
    func finish(_ response: inout Response, _ web: WebLogin) {
        let finished = state.withLock { $0.isUntouched ? nil : $0 }
        guard let finished else { return }
        let settings = web.settings
        SetCookie.apply(finished.cookies.session, settings.cookie, to: &response.headers)
        SetCookie.apply(visitorChange(finished, web), settings.visitorCookie, to: &response.headers)
        SetCookie.apply(rememberChange(finished, web), settings.rememberCookie, to: &response.headers)
        if let cookie = settings.deviceCookie {
            SetCookie.apply(finished.cookies.device, cookie, to: &response.headers)
        }
        response.headers[.cacheControl] = "no-store"
        // Not "cookies": that would wipe those of the whole registrable domain.
        if finished.clearsSiteData { response.headers[.clearSiteData] = #""cache", "storage""# }
    }

    /// Replaces the browser's token if its time has come.
    func renewToken(_ web: WebLogin) async {
        let resolution = state.withLock { $0.generation == 0 && $0.issued == nil ? $0.resolution : nil }
        guard case .active(let session)? = resolution, session.isTokenOld,
            case .one(let text) = RequestCookies.find(web.settings.cookie.name, in: head.headerFields),
            let token = SessionToken(text), let renewed = await web.manager.renewToken(token, of: session)
        else { return }
        state.withLock { state in
            // Somebody who goes on after the answer is made may have logged out.
            guard state.generation == 0 else { return }
            state.cookies.session = .set(renewed.text, maximumAge: nil)
        }
    }

    private func visitorChange(_ state: LoginState, _ web: WebLogin) -> SetCookie.Change {
        guard state.isVisitorChanged else { return .none }
        let settings = web.settings
        let name = settings.visitorCookie.name
        if case .kept(var visitor) = state.visitor, !visitor.isSpent {
            let now = Timestamp(milliseconds: web.clock.nowMilliseconds)
            visitor.expiresAt = now.adding(settings.visitorLifetime).milliseconds
            if let text = visitor.sealed(as: name, with: web.keys.visitors) {
                return .set(text, maximumAge: settings.visitorLifetime)
            }
        }
        return RequestCookies.find(name, in: head.headerFields) == .none ? .none : .delete
    }

    /// Ends a session that began in a request whose answer never goes out: nobody has its token.
    func abandon(_ web: WebLogin) async {
        guard let token = state.withLock({ $0.issued }), let client = try? client else { return }
        _ = try? await web.manager.logout(token, client: client)
    }
}
