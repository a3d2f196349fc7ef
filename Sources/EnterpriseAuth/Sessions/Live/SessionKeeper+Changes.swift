internal import Synchronization

extension SessionKeeper {
    /// A session that has just begun, with the token that nobody else has.
    struct Begun: Sendable {
        let token: SessionToken
        let session: LiveSession
        /// What the browser keeps if the login is remembered.
        var remember: RememberToken?
    }

    /// Begins a session, and ends those that it replaces or that are too many.
    /// - Parameters:
    ///   - draft: Whose it is and how it began.
    ///   - replaced: The token that the person came with; its session ends whosever it is.
    ///   - deadline: When to give up waiting for the store.
    /// - Returns: The session, once the store has it for good.
    /// - Throws: `Outage` if the store did not take it; then there is no session.
    nonisolated(nonsending) func begin(
        _ draft: SessionDraft,
        replacing replaced: SessionToken?,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) -> Begun {
        try await load(draft.user.identity.userID, until: deadline)
        var old: LiveSession?
        if let replaced { old = try await find(replaced.hash, from: draft.client.address, until: deadline) }
        let token = SessionToken.random()
        let series = draft.rememberFor.map { NewSeries(lifetime: $0) }
        let (live, ended, receipt) = enter(draft, token.hash, series, replacing: old)
        report(ended, by: draft.client)
        do throws(Outage) {
            try await Self.wait(receipt, until: deadline)
        } catch {
            // It may have got there all the same: say that it has ended.
            report(end([live], .notStored).ended, by: draft.client)
            throw error
        }
        return Begun(token: token, session: live, remember: series?.token)
    }

    /// Decides on a new session in one step: whose it is, what it ends, and what the store is told.
    private func enter(
        _ draft: SessionDraft,
        _ tokenHash: SessionTokenHash,
        _ series: NewSeries?,
        replacing old: LiveSession?
    ) -> (live: LiveSession, ended: [Ended], receipt: SessionJournal.Receipt?) {
        let id = SessionID()
        let user = strings.sharing(draft.user)
        return registry.withLock { registry in
            let person = registry.person(user, verdictAt: draft.verdictAt.milliseconds)
            let news = take(draft, user, for: person)
            let view = person.view
            let session = draft.session(
                id: id,
                tokenHash: tokenHash,
                person: view,
                now: now,
                lifetime: rules.lifetime,
                series: series?.id
            )
            let live = bringIn(session, of: person, &registry)
            var ended = end(old.flatMap { registry.current($0) }.map { [$0] } ?? [], .replaced, &registry)
            let userID = person.userID
            if !draft.isByWord { ended += endOutdated(userID, session.passwordVersion, &registry) }
            ended += end(registry.surplus(of: userID, limit: rules.maxPerUser), .limit, &registry)
            let new = series.map { remember($0, session, &registry) }
            ended += new?.ended ?? []
            // The person's facts last: the other sessions of the person then show what the sources show now.
            var changes: [SessionChange] = ended.changes + [.insert(session)]
            if let new { changes.append(.insertSeries(new.series)) }
            if let news { changes.append(personChange(person, news, &registry)) }
            return (live, ended, journal?.append(changes))
        }
    }

    /// Draws from a login what it says about the person.
    /// - Returns: The facts, if they are new.
    private func take(_ draft: SessionDraft, _ user: DirectoryUser, for person: LivePerson) -> PersonFacts? {
        let verdictAt = draft.verdictAt.milliseconds
        if draft.isByWord { return person.adopt(user, verdictAt: verdictAt) }
        guard !person.knowsBetter(than: verdictAt, now: now.milliseconds) else { return nil }
        return person.settle(user, verdictAt: verdictAt).changed
    }

    /// Gives a session a new token; the old one is dead in the same instant.
    /// - Parameters:
    ///   - found: A live session.
    ///   - draft: What is known now; the person is the same.
    ///   - deadline: When to give up on the store.
    /// - Returns: The session with its new token, or nil if it has ended meanwhile.
    /// - Throws: `Outage` if the store did not take it, or another request is renewing it; then the old token is as good
    ///   as before.
    func renew(
        _ found: LiveSession,
        _ draft: SessionDraft,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) -> Begun? {
        // Its token may have been replaced at its time since the request came.
        let old = heir(of: found) ?? found
        guard old.beginRenewal() else {
            guard !old.isEnded else { return nil }
            let detail = "another request is giving the session a new token just now"
            throw Outage(.overloaded, source: "session", step: "renew", detail: detail)
        }
        let token = SessionToken.random()
        let now = now
        let session = try await store(old, until: deadline) { session in
            session.tokenHash = token.hash
            session.authenticatedAt = now
            session.client = draft.client
            session.flags.remove(.clientChanged)
            guard !draft.isByWord, let version = draft.user.identity.passwordVersion else { return }
            session.passwordVersion = version
        }
        let (new, ended) = exchange(old, session, draft)
        report(ended, by: draft.client)
        return new.map { Begun(token: token, session: $0) }
    }

    /// Puts a session with its new token in the place of the old one, and ends what the login says is outdated.
    /// - Returns: The new session, or nil if the old one has ended meanwhile, and the sessions that ended by it.
    private func exchange(
        _ old: LiveSession,
        _ session: Session,
        _ draft: SessionDraft
    ) -> (LiveSession?, [Ended]) {
        registry.withLock { registry -> (LiveSession?, [Ended]) in
            let new = successor(session, of: old.person, epoch: old.epoch)
            guard replace(old, with: new, &registry) else { return (nil, []) }
            if draft.isByWord { return (new, []) }
            if let news = take(draft, strings.sharing(draft.user), for: old.person) {
                journal?.append([personChange(old.person, news, &registry)])
            }
            adoptPassword(of: session, &registry)
            let ended = endOutdated(old.person.userID, session.passwordVersion, &registry)
            if !ended.isEmpty { journal?.append(ended.changes) }
            return (new, ended)
        }
    }

    /// Changes a session's data.
    /// - Throws: `Outage` if the store did not take it, or what `body` throws.
    func changeData(
        of session: LiveSession,
        _ body: (inout SessionData) throws(SessionDataProblem) -> Void
    ) throws(SessionDataProblem) -> SessionJournal.Receipt? {
        try registry.withLock { registry throws(SessionDataProblem) in
            // A request may still hold the session as it was before it got a new token.
            let current = registry[session.person.userID]?.sessions.first { $0.id == session.id }
            guard let data = try current?.change(body) else { return nil }
            return journal?.append([.setData(session.id, data)])
        }
    }

    /// Notes that a session's token came from another client.
    /// - Returns: True for the first time.
    func noteClientChange(_ session: LiveSession) -> Bool {
        registry.withLock { _ in
            guard !session.isEnded, session.noteClientChange() else { return false }
            journal?.append([.setFlags(session.id, session.flags)])
            return true
        }
    }

    func personChange(
        _ person: LivePerson,
        _ facts: PersonFacts,
        _ registry: inout SessionRegistry
    ) -> SessionChange {
        registry.show(facts.identity)
        return .setPerson(
            facts.identity,
            groups: facts.user.groups,
            isActive: facts.user.isActive,
            lastVerdictAt: Timestamp(milliseconds: person.view.verdictAt)
        )
    }
}
