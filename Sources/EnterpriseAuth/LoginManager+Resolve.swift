extension LoginManager {
    /// Tells whose a token is.
    ///
    /// For a session that was seen lately this touches memory only. The store is read when a token is first seen after
    /// a start; the sources are asked when nobody has used the person's sessions for longer than `[active] recheck`.
    /// - Parameters:
    ///   - token: The token that the request came with.
    ///   - client: Where the request comes from.
    /// - Returns: The session, or nobody, or that nobody can say now.
    public func resolve(_ token: SessionToken, client: SessionClient) async -> Resolution {
        await resolve(token.hash, client)
    }

    func resolve(_ hash: SessionTokenHash, _ client: SessionClient) async -> Resolution {
        let now = keeper.clock.nowMilliseconds
        let resolution: Resolution
        if let session = keeper.inMemory(hash, now: now) {
            if let quick = quickly(session, client, now) {
                metrics.count(quick)
                return quick
            }
            resolution = await slowly(session, client, now)
        } else {
            resolution = await resolveUnseen(hash, client, now)
        }
        metrics.count(resolution)
        return resolution
    }

    /// Tells whose a text is that a request came with in the place of a token.
    /// - Parameters:
    ///   - text: The text as it came; nil if there was none.
    ///   - client: Where the request comes from.
    /// - Returns: The session, or nobody, or that nobody can say now.
    public func resolve(text: String?, client: SessionClient) async -> Resolution {
        guard let text else { return .anonymous(.noToken) }
        guard let hash = SessionTokenHash(ofTokenText: text) else { return .anonymous(.malformedToken) }
        return await resolve(hash, client)
    }

    /// Tells whose a text is that a request came with, if memory alone can tell; nothing waits.
    /// - Parameters:
    ///   - text: The text as it came.
    ///   - audience: What it must be good for, where it is a child session's; nil for a session's own.
    ///   - client: Where the request comes from.
    /// - Returns: Nil if something has to be read, asked or ended first: `resolve` does that.
    package func resolveAtOnce(text: String, audience: String?, client: SessionClient) -> Resolution? {
        guard let hash = SessionTokenHash(ofTokenText: text) else { return .anonymous(.malformedToken) }
        let now = keeper.clock.nowMilliseconds
        guard let session = keeper.inMemory(audience.map(hash.bound(to:)) ?? hash, now: now),
            let resolution = quickly(session, client, now)
        else { return nil }
        metrics.count(resolution)
        return resolution
    }

    private func resolveUnseen(
        _ hash: SessionTokenHash,
        _ client: SessionClient,
        _ now: Int64
    ) async -> Resolution {
        let wasUnknown = keeper.table.isKnownToBeUnknown(hash)
        do throws(Outage) {
            if let session = try await keeper.find(hash, from: client.address) {
                if let quick = quickly(session, client, now) { return quick }
                return await slowly(session, client, now)
            }
        } catch {
            return .unavailable(error)
        }
        if !wasUnknown, let count = unknownTokens.count(from: client.address, now: now) {
            var event = LoginEvent(.unknownToken, .refused, at: keeper.now)
            event.tokenHash = hash
            if count > 1 { event.count = count }
            event.client = client
            trail.record(event)
        }
        return .anonymous(.unknownToken)
    }

    /// The usual case, without waiting for anything.
    /// - Returns: Nil if something out of the ordinary has to be done first.
    private func quickly(_ session: LiveSession, _ client: SessionClient, _ now: Int64) -> Resolution? {
        let rules = keeper.rules
        let lastSeenAt = session.lastSeenAt
        guard !session.isEnded,
            rules.endReason(lastSeenAt: lastSeenAt, expiresAt: session.expiresAt, now: now) == nil,
            rules.isSameClient(session, client)
        else { return nil }
        let person = session.person
        let view = person.view
        if isAskedAbout(view.facts) {
            guard view.facts.permit(session),
                case .good = rules.trust(view, isOnCheckList: isExpected(person), now: now)
            else { return nil }
            checker.list(person)
        }
        return active(session, view, now)
    }

    private func active(_ session: LiveSession, _ view: LivePerson.View, _ now: Int64) -> Resolution {
        if session.see(at: now) { keeper.noteUse(of: session, at: now) }
        return .active(
            ResolvedSession(
                live: session,
                facts: view.facts,
                verdictAt: view.verdictAt,
                rules: keeper.rules,
                resolvedAt: now,
                loading: lazyUser(view.facts)
            )
        )
    }

    private nonisolated(nonsending) func slowly(_ session: LiveSession, _ client: SessionClient, _ now: Int64) async
        -> Resolution
    {
        let rules = keeper.rules
        guard !session.isEnded else {
            guard let heir = keeper.heir(of: session) else { return .anonymous(.unknownToken) }
            return await slowly(heir, client, now)
        }
        if let reason = rules.endReason(of: session, now: now) {
            // Over by a limit is over after a restart too: no need to wait for the store.
            keeper.report(keeper.endIfOver(session, now: now), by: client)
            return .anonymous(.ended(reason))
        }
        if !rules.isSameClient(session, client) {
            if rules.protection == .strong { return await end(session, .clientChanged, client) }
            if keeper.noteClientChange(session) { report(clientChangeOf: session, client) }
        }
        let view = session.person.view
        guard isAskedAbout(view.facts) else { return active(session, view, now) }
        return await check(session, view, client, now)
    }

    /// Whether there is a source that the person is checked against.
    private func isAskedAbout(_ facts: PersonFacts) -> Bool {
        facts.isKnownToSources || sources.canAsk(about: facts.identity)
    }

    /// Whether the background check is about to ask about a person.
    private func isExpected(_ person: LivePerson) -> Bool {
        person.isOnCheckList && checker.isRunning
    }

    /// Asks the sources first if their last answer is too old, or if it was no.
    private func check(
        _ session: LiveSession,
        _ view: LivePerson.View,
        _ client: SessionClient,
        _ now: Int64
    ) async -> Resolution {
        let person = session.person
        let trust = keeper.rules.trust(view, isOnCheckList: isExpected(person), now: now)
        checker.list(person)
        switch trust {
        case .good where view.facts.permit(session): return active(session, view, now)
        case .suspended(let outage): return suspended(person, outage)
        case .good, .checkFirst: return await checkNow(session, client, now)
        }
    }

    /// Asks the sources about the person of a live session now, however new their last answer is.
    /// - Parameters:
    ///   - session: The session, as `resolve` has just given it.
    ///   - client: Where the request comes from.
    /// - Returns: The session as it is after that, or nobody, or that nobody can say now.
    public func recheck(_ session: ResolvedSession, client: SessionClient) async -> Resolution {
        guard isAskedAbout(session.facts) else { return .active(session) }
        return await checkNow(session.live, client, keeper.clock.nowMilliseconds)
    }

    private func checkNow(_ session: LiveSession, _ client: SessionClient, _ now: Int64) async -> Resolution {
        let person = session.person
        let outcome = await checker.check(person)
        if session.isEnded {
            if case .ended(let reason) = outcome { return .anonymous(.ended(reason)) }
            guard let heir = keeper.heir(of: session) else { return .anonymous(.unknownToken) }
            return await slowly(heir, client, now)
        }
        let view = person.view
        if case .unavailable(let outage) = outcome {
            let isWithinGrace = keeper.rules.isWithinGrace(
                verdictAt: view.verdictAt,
                now: keeper.clock.nowMilliseconds
            )
            guard isWithinGrace, view.facts.permit(session) else { return suspended(person, outage) }
        }
        guard view.facts.permit(session) else { return await end(session, .inactive, client) }
        return active(session, view, now)
    }

    private func suspended(_ person: LivePerson, _ outage: Outage) -> Resolution {
        keeper.noteSuspension(of: person, outage)
        return .unavailable(outage)
    }

    private nonisolated(nonsending) func end(
        _ session: LiveSession,
        _ reason: SessionEndReason,
        _ client: SessionClient
    ) async -> Resolution {
        let (ended, receipt) = keeper.end([session], reason)
        keeper.report(ended, by: client)
        // It is only over once the store knows.
        _ = try? await SessionKeeper.wait(receipt)
        return .anonymous(.ended(reason))
    }

    private func report(clientChangeOf session: LiveSession, _ client: SessionClient) {
        let identity = session.person.view.facts.identity
        var event = LoginEvent(.clientChange, .success, at: keeper.now)
        event.userID = identity.userID
        event.name = identity.loginName
        event.sessionID = session.id
        event.client = client
        trail.record(event)
    }

    /// What asks the custom user loader, if there is one.
    private func lazyUser(_ facts: PersonFacts) -> LazyUser? {
        guard let userLoader else { return nil }
        let id = facts.identity.userID
        return LazyUser { [keeper, patience = login.deadline] in
            let load = await PersonSources.load(id, with: userLoader, until: .now + patience)
            if case .gone = load {
                let (ended, receipt) = keeper.endSessions(of: id, .gone)
                keeper.report(ended, by: nil, detail: "the user loader knows nobody of this id")
                _ = try? await SessionKeeper.wait(receipt)
            }
            return load
        }
    }
}
