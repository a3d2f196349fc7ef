internal import EnterpriseAuth
internal import HTTPTypes
internal import Logging
internal import Synchronization

extension LoginContext {
    /// Whether the login outlives its session on this browser: Flask-Login's `login_remembered`, of the one who is logged in.
    /// - Returns: True if there is a session and its login is remembered.
    /// - Throws: `LoginUnavailable` if nobody can say.
    public func isRemembered() async throws -> Bool {
        try await session()?.session.series != nil
    }

    /// Whether a remembered login has opened the session in this request.
    var isRestored: Bool { state.withLock { $0.isRestored } }

    private func rememberCookie(_ web: WebLogin) -> RequestCookies.Finding {
        RequestCookies.find(web.settings.rememberCookie.name, in: head.headerFields)
    }

    /// Asks for the login that the browser remembers, once however many tasks of the request want to know.
    /// - Returns: Nil if the request came without one, or with two of which neither counts.
    func restore(_ web: WebLogin) async throws -> Resolution? {
        let found = rememberCookie(web)
        guard found != .none else { return nil }
        guard case .one(let text) = found else {
            logger.notice("two remember cookies in a request are taken for nobody's")
            return nil
        }
        let client = try client
        let restoration = state.withLock { state in
            state.isPersonal = true
            if let begun = state.restoration { return begun }
            // Not ended with the request: a token that was used halfway would look like a stolen one the next time.
            let task = Task { [generation = state.generation] in
                await bringBack(text, client, web, asOf: generation)
            }
            state.restoration = task
            return task
        }
        return await restoration.value
    }

    private func bringBack(
        _ text: String,
        _ client: SessionClient,
        _ web: WebLogin,
        asOf generation: Int
    ) async -> Resolution {
        switch await web.manager.restore(text: text, client: client) {
        case .restored(let success):
            let isWanted = state.withLock { state in
                guard state.generation == generation else { return false }
                state.restore(success.token, remember: Self.rememberChange(success, web))
                return true
            }
            guard isWanted else {
                // Somebody has logged in or out in this request, which ends what was remembered.
                _ = try? await web.manager.logout(success.token, client: client)
                return .anonymous(.ended(.replaced))
            }
            return await web.manager.resolve(success.token, client: client)
        case .anonymous(let reason):
            state.withLock { state in
                guard state.generation == generation else { return }
                state.cookies.remember = .delete
                if reason == .ended(.theft) { leaveTheftMessage(&state, web) }
            }
            return .anonymous(reason)
        case .unavailable(let outage): return .unavailable(outage)
        }
    }

    private func leaveTheftMessage(_ state: inout LoginState, _ web: WebLogin) {
        guard let message = web.settings.theftMessage else { return }
        let text = web.settings.localize.map { $0(message.text, self) } ?? message.text
        leave(FlashMessage(text, category: message.category), &state, web)
    }

    /// What the browser is told of a login that has just begun or come back.
    static func rememberChange(_ success: LoginSuccess, _ web: WebLogin) -> SetCookie.Change {
        // One that has ended in the same moment is no longer worth a cookie.
        guard let token = success.rememberToken, let series = web.manager.rememberedLogin(of: success.session) else {
            return .delete
        }
        return .set(token.text, maximumAge: series.lifetime)
    }

    /// The line for the remember cookie at the end of a request.
    func rememberChange(_ state: LoginState, _ web: WebLogin) -> SetCookie.Change {
        let change = state.cookies.remember
        if change == .delete, rememberCookie(web) == .none { return .none }
        guard change == .none, web.settings.refreshesRememberCookie, case .active(let session) = state.resolution,
            case .one(let text) = rememberCookie(web), let token = RememberToken(text),
            let series = web.manager.rememberedLogin(of: session.session), series.isOpened(by: token)
        else { return change }
        return .set(text, maximumAge: series.lifetime)
    }

    /// Ends what the browser remembered when the request came, whosever it is (FL-20).
    /// - Returns: Whether there was something.
    func forgetRemembered(_ client: SessionClient, _ web: WebLogin) async throws(Outage) -> Bool {
        guard case .one(let text) = rememberCookie(web), let token = RememberToken(text) else { return false }
        return try await web.manager.forget(token, client: client)
    }

    /// The device that a request shows to be known for a user name.
    func knownDevice(_ username: String, _ web: WebLogin) -> KnownDevice? {
        guard let cookie = web.settings.deviceCookie,
            case .one(let proof) = RequestCookies.find(cookie.name, in: head.headerFields)
        else { return nil }
        return web.keys.devices.device(
            proof: proof,
            username: username,
            at: Timestamp(milliseconds: web.clock.nowMilliseconds),
            lifetime: web.settings.deviceLifetime
        )
    }

    /// What makes the device known from now on.
    func deviceChange(_ username: String, _ web: WebLogin) -> SetCookie.Change {
        guard web.settings.deviceCookie != nil else { return .none }
        let now = Timestamp(milliseconds: web.clock.nowMilliseconds)
        let proof = web.keys.devices.proof(for: username, at: now, renewing: knownDevice(username, web))
        return .set(proof, maximumAge: web.settings.deviceLifetime)
    }
}
