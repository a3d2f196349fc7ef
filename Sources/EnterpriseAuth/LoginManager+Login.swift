extension LoginManager {
    /// Logs somebody in by user name and password.
    ///
    /// The providers are asked, then whether the person is active; only then is there a session, with a token that
    /// nobody has seen before. All refusals are answered `[login] refusal_time` after the start, so that neither their
    /// text nor their time tells them apart.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - client: Where the request comes from.
    ///   - replaced: The token that the request came with, if any; its session ends when the new one begins.
    ///   - isRemembered: Whether the person asks for a login that outlives the session.
    ///   - lifetime: For how long after its last use, if not for `[remember] lifetime`, which is the most.
    ///   - device: What the request has proven of its device, if anything; strangers' failures do not throttle it.
    /// - Returns: How it ended.
    public func login(
        _ credentials: Credentials,
        client: SessionClient,
        replacing replaced: SessionToken? = nil,
        remember isRemembered: Bool = false,
        for lifetime: Duration? = nil,
        device: KnownDevice? = nil
    ) async -> LoginResult {
        var attempt = LoginAttempt(kind: .login, name: credentials.username, client: client)
        let finding = await verify(credentials, &attempt, device: device)
        return await conclude(attempt, finding, replacing: replaced, remember: wish(isRemembered, lifetime))
    }

    /// Continues a login where a challenge stopped it.
    /// - Parameters:
    ///   - response: The answers to the challenge's prompts.
    ///   - client: Where the request comes from.
    ///   - replaced: The token that the request came with, if any; its session ends when the new one begins.
    ///   - isRemembered: Whether the person asks for a login that outlives the session.
    ///   - lifetime: For how long after its last use, if not for `[remember] lifetime`, which is the most.
    /// - Returns: How it ended; a further challenge is possible.
    public func answer(
        _ response: ChallengeResponse,
        client: SessionClient,
        replacing replaced: SessionToken? = nil,
        remember isRemembered: Bool = false,
        for lifetime: Duration? = nil
    ) async -> LoginResult {
        var attempt = LoginAttempt(kind: .login, name: nil, client: client)
        let finding = await answer(response, &attempt)
        return await conclude(attempt, finding, replacing: replaced, remember: wish(isRemembered, lifetime))
    }

    /// Refuses what may not be shown to any provider, in the time and with the words of a wrong password.
    /// - Parameters:
    ///   - problem: What is wrong with what was typed.
    ///   - client: Where the request comes from.
    /// - Returns: The refusal.
    public func refuse(_ problem: CredentialsProblem, client: SessionClient) async -> LoginResult {
        let attempt = LoginAttempt(kind: .login, name: nil, client: client)
        return .refused(await refuse(attempt, Refusal(.malformed, detail: problem.rawValue)))
    }

    /// Logs in a person whom the application itself has checked: Flask-Login's `login_user`.
    ///
    /// A `DirectoryUser` is checked again as the sources know it; the application's word is no answer of theirs, so the
    /// first request asks them if they have not answered lately. Of anybody else the sources know nothing: the user loader
    /// is asked instead, every `[active] recheck`, and decides. Without one such a session lasts until its limits, unless
    /// the same person logs in through a source too.
    /// - Parameters:
    ///   - user: Who it is; an anonymous user is refused.
    ///   - force: Whether an inactive person is let in.
    ///   - isFresh: Whether the application has just checked the password.
    ///   - client: Where the request comes from.
    ///   - replaced: The token that the request came with, if any; its session ends when the new one begins.
    ///   - isRemembered: Whether the person asks for a login that outlives the session.
    ///   - lifetime: For how long after its last use, if not for `[remember] lifetime`, which is the most.
    /// - Returns: How it ended: success, or a refusal as `inactive`.
    public func login(
        _ user: any User,
        force: Bool = false,
        fresh isFresh: Bool = true,
        client: SessionClient,
        replacing replaced: SessionToken? = nil,
        remember isRemembered: Bool = false,
        for lifetime: Duration? = nil
    ) async -> LoginResult {
        let known = user as? DirectoryUser
        var attempt = LoginAttempt(kind: .login, name: known?.loginName ?? user.id?.value, client: client)
        guard let id = user.id, !user.isAnonymous else {
            return .refused(await refuse(attempt, Refusal(.notPermitted, detail: "an anonymous user has no session")))
        }
        attempt.userID = id
        guard user.isActive || force else {
            return .refused(await refuse(attempt, Refusal(.inactive, detail: "the application's user is not active")))
        }
        let draft = SessionDraft(
            user: known ?? Self.person(id, isActive: user.isActive),
            // The sources have not been asked: the first request asks them, unless they have answered already.
            verdictAt: known == nil ? keeper.now : Timestamp(milliseconds: 0),
            isByWord: true,
            isFresh: isFresh,
            client: client,
            flags: user.isActive ? [] : .forced
        )
        return await begin(
            attempt,
            draft,
            user: user,
            notices: [],
            replacing: replaced,
            remember: wish(isRemembered, lifetime)
        )
    }

    /// Somebody of whom only an application knows.
    private static func person(_ id: UserID, isActive: Bool) -> DirectoryUser {
        let identity = Identity(
            userID: id,
            loginName: id.value,
            provider: PersonSources.applicationName,
            source: .application
        )
        return DirectoryUser(identity: identity, groups: [], isActive: isActive)
    }

    /// For how long, in milliseconds, a person asks to be remembered; nil if they do not.
    private func wish(_ isRemembered: Bool, _ lifetime: Duration?) -> Int64? {
        guard isRemembered else { return nil }
        precondition(lifetime.map { $0 > .zero } ?? true, "a login is remembered for some time, or not at all")
        return min(lifetime?.wholeMilliseconds ?? .max, keeper.remember.lifetime)
    }

    private nonisolated(nonsending) func conclude(
        _ attempt: LoginAttempt,
        _ finding: PersonSources.Finding,
        replacing replaced: SessionToken?,
        remember wish: Int64?
    ) async -> LoginResult {
        switch await decide(attempt, finding) {
        case .proven(let draft, let notices):
            return await begin(
                attempt,
                draft,
                user: draft.user,
                notices: notices,
                replacing: replaced,
                remember: wish
            )
        case .challenge(let challenge): return .challenge(challenge)
        case .passwordChangeRequired(let identity, let reason): return .passwordChangeRequired(identity, reason)
        case .refused(let refusal): return .refused(refusal)
        case .unavailable(let outage): return .unavailable(outage)
        }
    }

    private nonisolated(nonsending) func begin(
        _ attempt: LoginAttempt,
        _ draft: SessionDraft,
        user: any User,
        notices: [CredentialNotice],
        replacing replaced: SessionToken?,
        remember wish: Int64?
    ) async -> LoginResult {
        var draft = draft
        draft.rememberFor = mayRemember(draft.user) ? wish : nil
        do throws(Outage) {
            let begun = try await keeper.begin(draft, replacing: replaced, until: storeDeadline(of: attempt))
            report(attempt, .success, identity: draft.user.identity, sessionID: begun.session.id)
            let session = begun.session.snapshot()
            return .success(
                LoginSuccess(
                    token: begun.token,
                    session: session,
                    user: user,
                    notices: notices,
                    rememberToken: begun.remember
                )
            )
        } catch {
            return .unavailable(unavailable(attempt, error, identity: draft.user.identity))
        }
    }
}
