internal import Synchronization

extension LoginManager {
    /// Opens a session by a login that was remembered.
    ///
    /// The person is checked first, as for a live session that is checked again: who is gone or not active is no longer
    /// remembered; where nobody can say, the token stays as good as it was. Then the token gives way to a new one. The
    /// session is not fresh, and nothing but a password makes it so. A token that was used before ends all that came from
    /// that login, because somebody has a copy; within `[remember] grace` it counts as a parallel request's, and gets the
    /// same session and the same successor. Who comes with another token of a stolen login is told so too, as long as this
    /// process runs.
    ///
    /// Ask only for a request whose session is nobody's, not for one whose session is unavailable.
    /// - Parameters:
    ///   - token: The remember token that the request came with.
    ///   - client: Where the request comes from.
    /// - Returns: The session with its tokens, or nobody, or that nobody can say now.
    public func restore(_ token: RememberToken, client: SessionClient) async -> RestoreResult {
        guard keeper.remember.isEnabled else { return .anonymous(.unknownToken) }
        var attempt = LoginAttempt(kind: .restoration, name: nil, client: client)
        do throws(Outage) {
            try await keeper.turns.enter(token.seriesHash, until: attempt.start + login.deadline)
            defer { keeper.turns.leave(token.seriesHash) }
            return try await restore(token, &attempt)
        } catch {
            return .unavailable(unavailable(attempt, error, identity: nil))
        }
    }

    /// Opens a session by what a request came with in the place of a remember token.
    /// - Parameters:
    ///   - text: The text as it came; nil if there was none.
    ///   - client: Where the request comes from.
    /// - Returns: The session with its tokens, or nobody, or that nobody can say now.
    public func restore(text: String?, client: SessionClient) async -> RestoreResult {
        guard let text else { return .anonymous(.noToken) }
        guard let token = RememberToken(text) else { return .anonymous(.malformedToken) }
        return await restore(token, client: client)
    }

    /// Ends a remembered login, and every session that came from it.
    ///
    /// The end of a session ends what was remembered with it; this is for a logout whose session is over already, and
    /// for a login in a browser that still has somebody's remember token.
    /// - Parameters:
    ///   - token: The remember token that the request came with; one that nobody has is no error.
    ///   - client: Where the request comes from.
    /// - Returns: Whether there was a remembered login.
    /// - Throws: `Outage` if the store could not say or could not be told.
    @discardableResult
    public func forget(_ token: RememberToken, client: SessionClient) async throws(Outage) -> Bool {
        guard
            let found = try await keeper.find(
                token,
                from: client.address,
                until: .now + SessionKeeper.storeTimeout
            )
        else { return false }
        let (ended, receipt) = keeper.end(found.series, .logout)
        keeper.report(ended, by: client)
        try await SessionKeeper.wait(receipt)
        return !ended.isEmpty
    }

    /// Lists remembered logins, whether or not a session of theirs is live; end one by its id, as a session.
    /// - Parameter selection: Which; `.ids` are those of the remembered logins.
    /// - Returns: The remembered logins, the one that was used last first.
    /// - Throws: `Outage` if the store cannot say.
    public func rememberedLogins(_ selection: SessionSelection) async throws(Outage) -> [RememberSeries] {
        try await keeper.listSeries(selection).sorted { ($1.usedAt, $1.id) < ($0.usedAt, $0.id) }
    }

    /// The remembered login that a live session belongs to; looks into memory only.
    /// - Parameter session: The session, as a login or `resolve` has just given it.
    /// - Returns: Nil if the session ends with the browser.
    public func rememberedLogin(of session: Session) -> RememberSeries? {
        guard let id = session.series else { return nil }
        return keeper.registry.withLock { $0.series(id, of: session.identity.userID) }
    }

    /// Whether a login may be remembered: of people about whom nobody can be asked later, none is.
    func mayRemember(_ user: DirectoryUser) -> Bool {
        keeper.remember.isEnabled && user.isActive && sources.canAsk(about: user.identity)
    }

    private nonisolated(nonsending) func restore(
        _ token: RememberToken,
        _ attempt: inout LoginAttempt
    ) async throws(Outage) -> RestoreResult {
        let deadline = attempt.start + login.deadline
        let wasUnknown = keeper.table.isKnownToBeUnknown(token.seriesHash)
        guard let found = try await keeper.find(token, from: attempt.client.address, until: deadline) else {
            if keeper.stolen.withLock({ $0.contains(token.seriesHash) }) { return .anonymous(.ended(.theft)) }
            if !wasUnknown { report(unknown: token, attempt.client) }
            return .anonymous(.unknownToken)
        }
        attempt.userID = found.series.identity.userID
        attempt.sessionID = found.series.id
        switch found.finding {
        case .over:
            let reason = SessionEndReason.lifetime
            report(attempt, .refused, reason: reason.rawValue, identity: found.series.identity)
            return .anonymous(.ended(reason))
        case .theft: return await endAfterTheft(found.series, attempt)
        case .previous(let salt):
            if let result = try await join(token, salt, attempt, until: deadline) { return result }
        case .current: break
        }
        if let reason = try await check(found.person) {
            report(attempt, .refused, reason: reason.rawValue, identity: found.series.identity)
            return .anonymous(.ended(reason))
        }
        guard let begun = try await keeper.restore(token, attempt.client, until: storeDeadline(of: attempt)) else {
            report(attempt, .refused, reason: "session_over", identity: found.series.identity)
            return .anonymous(.unknownToken)
        }
        return restored(begun, attempt)
    }

    /// Asks the sources about the person, as for a live session, but without any trust in an answer that they gave before.
    /// - Returns: Why the person is no longer remembered, if that is so.
    /// - Throws: `Outage` if nobody can say.
    private nonisolated(nonsending) func check(_ person: LivePerson) async throws(Outage) -> SessionEndReason? {
        let view = person.view
        let identity = view.facts.identity
        guard sources.canAsk(about: identity) else {
            let detail = "nobody can be asked about \(identity.loginName), whose login is remembered"
            throw Outage(.misconfigured, source: identity.provider, step: "restore", detail: detail)
        }
        let now = keeper.clock.nowMilliseconds
        // Sources that have just not answered are left alone, as for live sessions.
        if let failure = view.failure, (0..<keeper.rules.retryAfter).contains(now - failure.at) { throw failure.outage }
        switch await checker.check(person) {
        case .stands: return nil
        case .unavailable(let outage): throw outage
        case .ended(let reason):
            // It is only over once the store knows.
            try await SessionKeeper.wait(keeper.journal?.barrier())
            return reason
        }
    }

    /// Gives a parallel request what the first one got.
    /// - Returns: Nil if that session is not there any more.
    private nonisolated(nonsending) func join(
        _ token: RememberToken,
        _ salt: [UInt8],
        _ attempt: LoginAttempt,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) -> RestoreResult? {
        let sessionToken = token.sessionToken(salt)
        guard let session = try await keeper.find(sessionToken.hash, from: attempt.client.address, until: deadline)
        else { return nil }
        switch await resolve(sessionToken, client: attempt.client) {
        case .active:
            let begun = SessionKeeper.Begun(
                token: sessionToken,
                session: session,
                remember: token.successor(salt)
            )
            return restored(begun, attempt, reason: "parallel")
        case .anonymous(.ended(let reason)) where !reason.keepsSeries: return .anonymous(.ended(reason))
        case .anonymous: return nil
        case .unavailable(let outage): throw outage
        }
    }

    private func restored(
        _ begun: SessionKeeper.Begun,
        _ attempt: LoginAttempt,
        reason: String = ""
    ) -> RestoreResult {
        let user = begun.session.person.view.facts.user
        report(attempt, .success, reason: reason, identity: user.identity, sessionID: begun.session.id)
        return .restored(
            LoginSuccess(
                token: begun.token,
                session: begun.session.snapshot(),
                user: user,
                notices: [],
                rememberToken: begun.remember
            )
        )
    }

    private nonisolated(nonsending) func endAfterTheft(
        _ series: RememberSeries,
        _ attempt: LoginAttempt
    ) async -> RestoreResult {
        let (ended, receipt) = keeper.end(series, .theft)
        keeper.stolen.withLock { $0.insert(series.seriesHash) }
        var event = LoginEvent(.theft, .refused, at: keeper.now, reason: SessionEndReason.theft.rawValue)
        event.detail =
            "a remember token was used a second time; the login that it belongs to is not remembered any more"
        let identity = series.identity
        (event.userID, event.name, event.provider) = (identity.userID, identity.loginName, identity.provider)
        event.sessionID = series.id
        event.client = attempt.client
        trail.record(event)
        keeper.report(ended, by: attempt.client)
        // Dead at once in this process; tried again until the store knows.
        _ = try? await SessionKeeper.wait(receipt)
        return .anonymous(.ended(.theft))
    }

    private func report(unknown token: RememberToken, _ client: SessionClient) {
        var event = LoginEvent(.unknownToken, .refused, at: keeper.now)
        event.tokenHash = token.seriesHash
        event.detail = "a remember token of a login that nobody remembers"
        event.client = client
        trail.record(event)
    }
}
