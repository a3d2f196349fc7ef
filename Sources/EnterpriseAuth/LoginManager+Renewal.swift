public import HostSystem

extension LoginManager {
    /// Makes a live session fresh because the application has just checked the password itself: Flask-Login's
    /// `confirm_login`, which here needs a live session.
    ///
    /// The session goes on under a new token, and the client that confirms is its client from now on.
    /// - Parameters:
    ///   - token: The session's token.
    ///   - client: Where the request comes from.
    /// - Returns: How it ended.
    public func confirmLogin(_ token: SessionToken, client: SessionClient) async -> RenewalResult {
        switch await resolve(token, client: client) {
        case .anonymous(let reason): return .anonymous(reason)
        case .unavailable(let outage): return .unavailable(outage)
        case .active(let session):
            let attempt = renewal(.confirmation, of: session, client)
            let draft = SessionDraft(
                user: session.directoryUser,
                verdictAt: Timestamp(milliseconds: session.live.person.view.verdictAt),
                isByWord: true,
                isFresh: true,
                client: client
            )
            return await renew(attempt, session, draft, notices: [])
        }
    }

    /// Makes a live session fresh by asking the providers for the password again.
    ///
    /// It must be the same person's password. The session goes on under a new token; the old one is dead at once.
    /// - Parameters:
    ///   - token: The session's token.
    ///   - password: What was typed.
    ///   - client: Where the request comes from.
    /// - Returns: How it ended; unless renewed, the session is as it was.
    public func reauthenticate(
        _ token: SessionToken,
        password: SecretBytes,
        client: SessionClient
    ) async -> RenewalResult {
        switch await resolve(token, client: client) {
        case .anonymous(let reason): return .anonymous(reason)
        case .unavailable(let outage): return .unavailable(outage)
        case .active(let session):
            var attempt = renewal(.reauthentication, of: session, client)
            let name = session.directoryUser.loginName
            do throws(CredentialsProblem) {
                let credentials = try Credentials(
                    username: name,
                    password: password,
                    remoteAddress: client.address
                )
                // Who has a session has logged in here: strangers' failures do not throttle that.
                // A remembered login may open any number of sessions, and is one device all the same.
                let device = KnownDevice(session: session.live.series ?? session.id, loginName: name)
                let finding = await verify(credentials, &attempt, device: device)
                return await conclude(attempt, finding, session)
            } catch {
                return .refused(await refuse(attempt, Refusal(.malformed, detail: error.rawValue)))
            }
        }
    }

    /// Continues `reauthenticate(_:password:client:)` where a challenge stopped it.
    /// - Parameters:
    ///   - token: The session's token.
    ///   - response: The answers to the challenge's prompts.
    ///   - client: Where the request comes from.
    /// - Returns: How it ended; unless renewed, the session is as it was.
    public func reauthenticate(
        _ token: SessionToken,
        answering response: ChallengeResponse,
        client: SessionClient
    ) async -> RenewalResult {
        switch await resolve(token, client: client) {
        case .anonymous(let reason): return .anonymous(reason)
        case .unavailable(let outage): return .unavailable(outage)
        case .active(let session):
            var attempt = renewal(.reauthentication, of: session, client)
            let finding = await answer(response, &attempt)
            return await conclude(attempt, finding, session)
        }
    }

    private func renewal(
        _ kind: LoginEvent.Kind,
        of session: ResolvedSession,
        _ client: SessionClient
    ) -> LoginAttempt {
        var attempt = LoginAttempt(kind: kind, name: session.directoryUser.loginName, client: client)
        attempt.userID = session.userID
        attempt.sessionID = session.id
        return attempt
    }

    private func conclude(
        _ attempt: LoginAttempt,
        _ finding: PersonSources.Finding,
        _ session: ResolvedSession
    ) async -> RenewalResult {
        switch await decide(attempt, finding, expected: session.userID) {
        case .proven(let draft, let notices): return await renew(attempt, session, draft, notices: notices)
        case .challenge(let challenge): return .challenge(challenge)
        case .passwordChangeRequired(let identity, let reason): return .passwordChangeRequired(identity, reason)
        case .refused(let refusal): return .refused(refusal)
        case .unavailable(let outage): return .unavailable(outage)
        }
    }

    private func renew(
        _ attempt: LoginAttempt,
        _ session: ResolvedSession,
        _ draft: SessionDraft,
        notices: [CredentialNotice]
    ) async -> RenewalResult {
        do throws(Outage) {
            let deadline = storeDeadline(of: attempt)
            guard let begun = try await keeper.renew(session.live, draft, until: deadline) else {
                report(attempt, .refused, reason: "session_over")
                return .anonymous(.unknownToken)
            }
            report(attempt, .success, identity: draft.user.identity, sessionID: begun.session.id)
            let renewed = begun.session.snapshot()
            return .renewed(
                LoginSuccess(
                    token: begun.token,
                    session: renewed,
                    user: draft.user,
                    notices: notices,
                    rememberToken: nil
                )
            )
        } catch {
            return .unavailable(unavailable(attempt, error, identity: draft.user.identity))
        }
    }
}
