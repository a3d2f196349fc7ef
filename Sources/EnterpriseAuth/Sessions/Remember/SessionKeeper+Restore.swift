internal import HostCrypto
internal import Synchronization

extension SessionKeeper {
    /// Opens a session by a remember token whose person has just been checked.
    ///
    /// The token of the moment gives way to its successor, and the sessions that the series opened before end. The one
    /// before it opens a session and changes nothing else.
    /// - Returns: Nil if the series has ended meanwhile.
    /// - Throws: `Outage` if the store did not take it; then the token is as good as before.
    nonisolated(nonsending) func restore(
        _ token: RememberToken,
        _ client: SessionClient,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) -> Begun? {
        try await clearDoubt(token.seriesHash, from: client.address, until: deadline)
        guard let opened = registry.withLock({ open(token, client, &$0) }) else { return nil }
        report(opened.ended, by: client)
        do throws(Outage) {
            try await Self.wait(opened.receipt, until: deadline)
        } catch {
            undo(opened, by: client)
            throw error
        }
        // It may have ended while the store was at work, with the login that was remembered.
        guard !opened.live.isEnded else { return nil }
        return Begun(token: opened.sessionToken, session: opened.live, remember: opened.successor)
    }

    /// Where somebody has begun to end all sessions, finds out from the store whether that has come about.
    private nonisolated(nonsending) func clearDoubt(
        _ hash: SessionTokenHash,
        from address: String?,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) {
        guard let store, let journal else { return }
        while let epoch = registry.withLock({ $0.isInDoubt(hash) ? $0.epoch : nil }) {
            let hasLooked = Promise<Void>()
            try await lookUpOnce(hash, from: address, until: deadline) {
                hasLooked.fulfil(())
                return await self.lookAgain(hash, store, journal)
            }
            // A look that somebody else had begun, or that came before another end of all sessions, is too old to tell.
            if hasLooked.current != nil, registry.withLock({ $0.epoch == epoch }) { return }
        }
    }

    private func lookAgain(
        _ hash: SessionTokenHash,
        _ store: any SessionStore,
        _ journal: SessionJournal
    ) async -> Result<Void, Outage> {
        // What ends all sessions is in the journal before this.
        let (epoch, barrier) = registry.withLock { ($0.epoch, journal.barrier()) }
        guard await barrier.value(until: .now + Self.storeTimeout) != nil else {
            return .failure(Self.storeTimedOut)
        }
        do throws(SessionStoreError) {
            guard try await store.series(withHash: hash) != nil else { return .success(()) }
            registry.withLock { $0.clearDoubt(hash, asOf: epoch) }
            return .success(())
        } catch {
            return .failure(error.outage)
        }
    }

    /// A session that a remember token has opened, before the store has it for good.
    private struct Opened {
        let live: LiveSession
        let sessionToken: SessionToken
        let successor: RememberToken
        /// The series before the use of the token, if that has changed it.
        let before: RememberSeries?
        let ended: [Ended]
        let receipt: SessionJournal.Receipt?
    }

    /// What a token may do.
    private struct Admission {
        let isCurrent: Bool
        let salt: [UInt8]
        let sessionToken: SessionToken
    }

    private func admit(_ token: RememberToken, to series: RememberSeries) -> Admission? {
        switch remember.find(token, in: series, now: now) {
        case .current:
            let salt = RandomBytes.bytes(SessionToken.byteCount)
            return Admission(isCurrent: true, salt: salt, sessionToken: token.sessionToken(salt))
        case .previous(let salt): return Admission(isCurrent: false, salt: salt, sessionToken: .random())
        case .over, .theft: return nil
        }
    }

    /// Decides on the session that a token opens in one step: what it ends, what becomes of the series, and what the
    /// store is told.
    private func open(
        _ token: RememberToken,
        _ client: SessionClient,
        _ registry: inout SessionRegistry
    ) -> Opened? {
        guard let series = registry.series(withHash: token.seriesHash),
            let person = registry[series.identity.userID]?.person, person.view.facts.user.isActive,
            !registry.isInDoubt(token.seriesHash), let admission = admit(token, to: series)
        else { return nil }
        let session = session(from: series, of: person, admission.sessionToken, client)
        var ended = admission.isCurrent ? end(registry.sessions(from: series), .restored, &registry) : []
        let live = bringIn(session, of: person, &registry)
        let surplus = registry.surplus(of: person.userID, limit: rules.maxPerUser)
        ended += end(surplus, .limit, sparing: series.id, &registry)
        let successor = token.successor(admission.salt)
        var changes = ended.changes + [.insert(session)]
        if admission.isCurrent {
            let next = remember.used(series, successor: successor, salt: admission.salt, by: client, now: now)
            registry.update(next)
            changes.append(.updateSeries(next))
        }
        return Opened(
            live: live,
            sessionToken: admission.sessionToken,
            successor: successor,
            before: admission.isCurrent ? series : nil,
            ended: ended,
            receipt: journal?.append(changes)
        )
    }

    private func session(
        from series: RememberSeries,
        of person: LivePerson,
        _ token: SessionToken,
        _ client: SessionClient
    ) -> Session {
        let view = person.view
        let draft = SessionDraft(
            user: view.facts.user,
            verdictAt: Timestamp(milliseconds: view.verdictAt),
            isFresh: false,
            client: client,
            flags: .remembered
        )
        var session = draft.session(
            id: SessionID(),
            tokenHash: token.hash,
            person: view,
            now: now,
            lifetime: rules.lifetime,
            series: series.id
        )
        // The password that was given is that of the login, whatever the sources show now.
        session.passwordVersion = series.passwordVersion
        return session
    }

    /// Takes back what the store may not have taken; if it got there all the same, this puts the used token back.
    private func undo(_ opened: Opened, by client: SessionClient) {
        let ended = registry.withLock { registry in
            let live = registry.current(opened.live).map { [$0] } ?? []
            let ended = end(live, .notStored, sparing: opened.live.series, &registry)
            var changes = ended.changes
            if let before = opened.before, registry.update(before) { changes.append(.updateSeries(before)) }
            if !changes.isEmpty { journal?.append(changes) }
            return ended
        }
        report(ended, by: client)
    }
}
