public import EnterpriseAuth
internal import HTTPTypes
public import HostSystem
internal import Logging
internal import Synchronization

extension LoginContext {
    /// Logs in by what was typed; the cookie goes out with the answer.
    ///
    /// The session that the request came with ends, and nothing of it or of the visitor reaches the new one.
    /// - Parameters:
    ///   - username: The user name as typed.
    ///   - password: The password as typed.
    ///   - isRemembered: Whether the person asks for a login that outlives the session, on this browser.
    ///   - lifetime: For how long after its last use, if not for `[remember] lifetime`, which is the most.
    /// - Returns: How it ended; show `Refusal.publicText` for every refusal, `Outage.publicText` for an outage.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func login(
        username: String,
        password: SecretBytes,
        remember isRemembered: Bool = false,
        for lifetime: Duration? = nil
    ) async throws -> LoginResult {
        let web = try web
        let client = try client
        do throws(CredentialsProblem) {
            let address = client.address
            let credentials = try Credentials(username: username, password: password, remoteAddress: address)
            return await login(credentials, (isRemembered, lifetime), client, web)
        } catch {
            return await web.manager.refuse(error, client: client)
        }
    }

    /// Logs in by credentials; the cookie goes out with the answer.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - isRemembered: Whether the person asks for a login that outlives the session, on this browser.
    ///   - lifetime: For how long after its last use, if not for `[remember] lifetime`, which is the most.
    /// - Returns: How it ended.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func login(
        _ credentials: Credentials,
        remember isRemembered: Bool = false,
        for lifetime: Duration? = nil
    ) async throws -> LoginResult {
        await login(credentials, (isRemembered, lifetime), try client, try web)
    }

    private func login(
        _ credentials: Credentials,
        _ remember: (isWanted: Bool, lifetime: Duration?),
        _ client: SessionClient,
        _ web: WebLogin
    ) async -> LoginResult {
        let result = await web.manager.login(
            credentials,
            client: client,
            replacing: token(web),
            remember: remember.isWanted,
            for: remember.lifetime,
            device: knownDevice(credentials.username, web)
        )
        await settle(result, client, web, username: { _ in credentials.username })
        return result
    }

    /// Continues a login where a challenge stopped it.
    /// - Parameters:
    ///   - response: The answers to the challenge's prompts.
    ///   - isRemembered: Whether the person asks for a login that outlives the session, on this browser.
    ///   - lifetime: For how long after its last use, if not for `[remember] lifetime`, which is the most.
    /// - Returns: How it ended; a further challenge is possible.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func answer(
        _ response: ChallengeResponse,
        remember isRemembered: Bool = false,
        for lifetime: Duration? = nil
    ) async throws -> LoginResult {
        let (web, client) = (try web, try client)
        let result = await web.manager.answer(
            response,
            client: client,
            replacing: token(web),
            remember: isRemembered,
            for: lifetime
        )
        // What was typed belongs to another request.
        await settle(result, client, web) { $0.identity.loginName }
        return result
    }

    /// Logs in a person whom the application itself has checked: Flask-Login's `login_user`.
    /// - Parameters:
    ///   - user: Who it is.
    ///   - force: Whether an inactive person is let in.
    ///   - isFresh: Whether the application has just checked the password.
    ///   - isRemembered: Whether the person asks for a login that outlives the session, on this browser.
    ///   - lifetime: For how long after its last use, if not for `[remember] lifetime`, which is the most.
    /// - Returns: How it ended; nothing has changed unless it is a success.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    @discardableResult
    public func login(
        _ user: any User,
        force: Bool = false,
        fresh isFresh: Bool = true,
        remember isRemembered: Bool = false,
        for lifetime: Duration? = nil
    ) async throws -> LoginResult {
        let (web, client) = (try web, try client)
        let result = await web.manager.login(
            user,
            force: force,
            fresh: isFresh,
            client: client,
            replacing: token(web),
            remember: isRemembered,
            for: lifetime
        )
        await settle(result, client, web, user: user)
        return result
    }

    /// Ends the session, here and in the store, and what the browser remembers; the cookies go with the answer.
    /// - Returns: Whether there was a session, or a remembered login.
    /// - Throws: `LoginUnavailable` if the store could not be told: the session is dead for this process, and the
    ///   cookies go all the same.
    @discardableResult
    public func logout() async throws -> Bool {
        let web = try web
        let token = token(web)
        let client = try client
        let hasCookie = RequestCookies.find(web.settings.cookie.name, in: head.headerFields) != .none
        state.withLock { state in
            state.generation += 1
            state.cookies.session = hasCookie ? .delete : .none
            state.cookies.remember = .delete
            state.issued = nil
            state.isRestored = false
            state.resolution = .anonymous(.noToken)
            state.user = web.settings.anonymousUser()
            state.next = nil
            state.isPersonal = true
            state.clearsSiteData = true
            forgetVisitor(&state)
        }
        do throws(Outage) {
            let wasLoggedIn = if let token { try await web.manager.logout(token, client: client) } else { false }
            let wasRemembered = try await forgetRemembered(client, web)
            return wasLoggedIn || wasRemembered
        } catch {
            throw LoginUnavailable(outage: error, retryAfter: web.settings.retryAfter)
        }
    }

    /// Makes the session fresh on the word of the application, which has just checked the password itself.
    /// - Returns: Whether there is a session to be fresh.
    /// - Throws: `LoginUnavailable` if nobody can say.
    @discardableResult
    public func confirmLogin() async throws -> Bool {
        let web = try web
        guard let token = try await liveToken(web) else { return false }
        let result = await web.manager.confirmLogin(token, client: try client)
        adopt(result)
        switch result {
        case .renewed: return true
        case .unavailable(let outage): throw LoginUnavailable(outage: outage, retryAfter: web.settings.retryAfter)
        case .anonymous, .challenge, .passwordChangeRequired, .refused: return false
        }
    }

    /// Makes the session fresh by asking for the password again; the session goes on under a new token.
    /// - Parameter password: What was typed.
    /// - Returns: How it ended; unless renewed, the session is as it was.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`, `LoginUnavailable` if nobody can say whose a remembered login
    ///   is.
    public func reauthenticate(password: SecretBytes) async throws -> RenewalResult {
        let web = try web
        guard let token = try await liveToken(web) else { return .anonymous(.noToken) }
        let result = await web.manager.reauthenticate(token, password: password, client: try client)
        adopt(result)
        return result
    }

    /// Continues `reauthenticate(password:)` where a challenge stopped it.
    /// - Parameter response: The answers to the challenge's prompts.
    /// - Returns: How it ended; unless renewed, the session is as it was.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`, `LoginUnavailable` if nobody can say whose a remembered login
    ///   is.
    public func reauthenticate(answering response: ChallengeResponse) async throws -> RenewalResult {
        let web = try web
        guard let token = try await liveToken(web) else { return .anonymous(.noToken) }
        let result = await web.manager.reauthenticate(token, answering: response, client: try client)
        adopt(result)
        return result
    }

    /// The token that holds now: of a login in this request, or what the request came with, whose ever that is.
    private func token(_ web: WebLogin) -> SessionToken? {
        let (issued, generation) = state.withLock { ($0.issued, $0.generation) }
        guard issued == nil, generation == 0,
            case .one(let text) = RequestCookies.find(web.settings.cookie.name, in: head.headerFields)
        else { return issued }
        return SessionToken(text)
    }

    /// The token that holds now, of the login that the browser remembers if there is no other.
    private func liveToken(_ web: WebLogin) async throws -> SessionToken? {
        if RequestCookies.find(web.settings.rememberCookie.name, in: head.headerFields) != .none {
            _ = try await session()
        }
        return token(web)
    }

    private func adopt(_ result: RenewalResult) {
        guard case .renewed(let success) = result else { return }
        state.withLock { $0.adopt(success.token, user: nil) }
    }

    /// Takes over a session that has begun, and ends what the browser remembered before.
    ///
    /// A user loader's user is asked for when somebody wants it.
    private func settle(
        _ result: LoginResult,
        _ client: SessionClient,
        _ web: WebLogin,
        user: (any User)? = nil,
        username: ((Session) -> String)? = nil
    ) async {
        guard case .success(let success) = result else { return }
        let remember = Self.rememberChange(success, web)
        let device = username.map { deviceChange($0(success.session), web) } ?? .none
        state.withLock { state in
            let visitor = visitor(of: &state, web)
            state.adopt(success.token, user: user)
            (state.cookies.remember, state.cookies.device) = (remember, device)
            state.next = visitor?.data[Bag.nextKey].flatMap(web.target)
            forgetVisitor(&state)
        }
        do throws(Outage) {
            _ = try await forgetRemembered(client, web)
        } catch {
            // The browser loses it all the same; what stays is in the list of remembered logins.
            logger.warning(
                "the login that a browser remembered before another could not be ended",
                metadata: ["outage": "\(error)"]
            )
        }
    }
}
