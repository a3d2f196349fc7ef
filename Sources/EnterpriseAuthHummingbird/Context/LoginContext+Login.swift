public import EnterpriseAuth
internal import HTTPTypes
public import HostSystem
internal import Synchronization

extension LoginContext {
    /// Logs in by what was typed; the cookie goes out with the answer.
    ///
    /// The session that the request came with ends, and nothing of it or of the visitor reaches the new one.
    /// - Parameters:
    ///   - username: The user name as typed.
    ///   - password: The password as typed.
    /// - Returns: How it ended; show `Refusal.publicText` for every refusal, `Outage.publicText` for an outage.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func login(username: String, password: SecretBytes) async throws -> LoginResult {
        let web = try web
        let client = try client
        do throws(CredentialsProblem) {
            let address = client.address
            let credentials = try Credentials(username: username, password: password, remoteAddress: address)
            return await login(credentials, client, web)
        } catch {
            return await web.manager.refuse(error, client: client)
        }
    }

    /// Logs in by credentials; the cookie goes out with the answer.
    /// - Parameter credentials: What was typed.
    /// - Returns: How it ended.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func login(_ credentials: Credentials) async throws -> LoginResult {
        await login(credentials, try client, try web)
    }

    private func login(_ credentials: Credentials, _ client: SessionClient, _ web: WebLogin) async -> LoginResult {
        let result = await web.manager.login(credentials, client: client, replacing: token(web))
        settle(result, web)
        return result
    }

    /// Continues a login where a challenge stopped it.
    /// - Parameter response: The answers to the challenge's prompts.
    /// - Returns: How it ended; a further challenge is possible.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func answer(_ response: ChallengeResponse) async throws -> LoginResult {
        let web = try web
        let result = await web.manager.answer(response, client: try client, replacing: token(web))
        settle(result, web)
        return result
    }

    /// Logs in a person whom the application itself has checked: Flask-Login's `login_user`.
    /// - Parameters:
    ///   - user: Who it is.
    ///   - force: Whether an inactive person is let in.
    ///   - isFresh: Whether the application has just checked the password.
    /// - Returns: How it ended; nothing has changed unless it is a success.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    @discardableResult
    public func login(_ user: any User, force: Bool = false, fresh isFresh: Bool = true) async throws -> LoginResult {
        let web = try web
        let result = await web.manager.login(
            user,
            force: force,
            fresh: isFresh,
            client: try client,
            replacing: token(web)
        )
        settle(result, web, user: user)
        return result
    }

    /// Ends the session, here and in the store; the cookies go with the answer.
    /// - Returns: Whether there was a session.
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
            state.sessionChange = hasCookie ? .delete : .none
            state.issued = nil
            state.resolution = .anonymous(.noToken)
            state.user = web.settings.anonymousUser()
            state.next = nil
            state.isPersonal = true
            state.clearsSiteData = true
            forgetVisitor(&state)
        }
        guard let token else { return false }
        do throws(Outage) {
            return try await web.manager.logout(token, client: client)
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
        guard let token = token(web) else { return false }
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
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func reauthenticate(password: SecretBytes) async throws -> RenewalResult {
        let web = try web
        guard let token = token(web) else { return .anonymous(.noToken) }
        let result = await web.manager.reauthenticate(token, password: password, client: try client)
        adopt(result)
        return result
    }

    /// Continues `reauthenticate(password:)` where a challenge stopped it.
    /// - Parameter response: The answers to the challenge's prompts.
    /// - Returns: How it ended; unless renewed, the session is as it was.
    /// - Throws: `LoginSetupError` without `LoginMiddleware`.
    public func reauthenticate(answering response: ChallengeResponse) async throws -> RenewalResult {
        let web = try web
        guard let token = token(web) else { return .anonymous(.noToken) }
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

    private func adopt(_ result: RenewalResult) {
        guard case .renewed(let success) = result else { return }
        state.withLock { $0.adopt(success.token, user: nil) }
    }

    /// Takes over a session that has begun.
    ///
    /// A user loader's user is asked for when somebody wants it.
    private func settle(_ result: LoginResult, _ web: WebLogin, user: (any User)? = nil) {
        guard case .success(let success) = result else { return }
        state.withLock { state in
            let visitor = visitor(of: &state, web)
            state.adopt(success.token, user: user)
            state.next = visitor?.data[Bag.nextKey].flatMap(web.target)
            forgetVisitor(&state)
        }
    }
}
