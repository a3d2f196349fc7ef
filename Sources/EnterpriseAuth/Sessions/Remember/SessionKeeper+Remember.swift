internal import Synchronization

extension SessionKeeper {
    /// A remembered login and its person, found by what a browser holds.
    struct Remembered: Sendable {
        let series: RememberSeries
        let person: LivePerson
        let finding: RememberRules.Finding
    }

    /// Finds the series of a remember token, in memory or in the store, and what the token is to it.
    /// - Returns: Nil if there is none.
    /// - Throws: `Outage` if the store cannot say.
    nonisolated(nonsending) func find(
        _ token: RememberToken,
        from address: String?,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) -> Remembered? {
        let hash = token.seriesHash
        if let remembered = look(token) { return remembered }
        guard let store, let journal, !table.isKnownToBeUnknown(hash) else { return nil }
        try await lookUpOnce(hash, from: address, until: deadline) { await self.lookUpSeries(hash, store, journal) }
        return look(token)
    }

    private func look(_ token: RememberToken) -> Remembered? {
        registry.withLock { registry in
            guard let series = registry.series(withHash: token.seriesHash),
                let person = registry[series.identity.userID]?.person
            else { return nil }
            return Remembered(series: series, person: person, finding: remember.find(token, in: series, now: now))
        }
    }

    private func lookUpSeries(
        _ hash: SessionTokenHash,
        _ store: any SessionStore,
        _ journal: SessionJournal
    ) async -> Result<Void, Outage> {
        // The store must have heard of every end before this look.
        guard await journal.barrier().value(until: .now + Self.storeTimeout) != nil else {
            return .failure(Self.storeTimedOut)
        }
        do throws(SessionStoreError) {
            guard let series = try await store.series(withHash: hash) else {
                table.rememberUnknown(hash)
                return .success(())
            }
            do throws(Outage) {
                try await load(series.identity.userID)
            } catch {
                return .failure(error)
            }
        } catch {
            return .failure(error.outage)
        }
        return .success(())
    }

    /// What a login that is to be remembered begins.
    struct NewSeries: Sendable {
        let id = SessionID()
        let token = RememberToken.random()
        /// For how long after its last use, in milliseconds, it is remembered.
        let lifetime: Int64
    }

    /// Puts down that a login is remembered from now on, in the critical section in which its session begins.
    /// - Returns: The series, and those that are too many with it.
    func remember(
        _ new: NewSeries,
        _ session: Session,
        _ registry: inout SessionRegistry
    ) -> (series: RememberSeries, ended: [Ended]) {
        var series = RememberSeries(
            id: new.id,
            seriesHash: new.token.seriesHash,
            tokenHash: new.token.tokenHash,
            identity: session.identity,
            createdAt: now,
            usedAt: now,
            expiresAt: now.adding(.milliseconds(new.lifetime)),
            passwordVersion: session.passwordVersion,
            client: session.client
        )
        series.expiresAt = min(series.expiresAt, remember.end(of: series))
        registry.add(series)
        let surplus = registry.surplusSeries(
            of: series.identity.userID,
            besides: series,
            limit: rules.maxPerUser
        )
        return (series, end([], series: surplus, .limit, &registry))
    }

    /// Ends a remembered login and the sessions that came from it.
    /// - Returns: What this call has ended, and when the store has it for good.
    func end(
        _ series: RememberSeries,
        _ reason: SessionEndReason
    ) -> (ended: [Ended], receipt: SessionJournal.Receipt?) {
        registry.withLock { registry in
            let ended = end([], series: [series], reason, &registry)
            guard !ended.isEmpty else { return ([], nil) }
            return (ended, journal?.append(ended.changes))
        }
    }

    /// A session's password has been given again: what was remembered with it holds for that password too.
    func adoptPassword(of session: Session, _ registry: inout SessionRegistry) {
        guard let id = session.series, var series = registry.series(id, of: session.identity.userID),
            series.passwordVersion != session.passwordVersion
        else { return }
        series.passwordVersion = session.passwordVersion
        registry.update(series)
        journal?.append([.updateSeries(series)])
    }

    /// The remembered logins of a selection that are not over.
    func listSeries(_ selection: SessionSelection) async throws(Outage) -> [RememberSeries] {
        let now = now
        return try await allSeries(selection).filter { !remember.isOver($0, now: now) }
    }

    /// The remembered logins of a selection, of the store and of memory: where they disagree, both are believed.
    func allSeries(_ selection: SessionSelection) async throws(Outage) -> [RememberSeries] {
        let here = registry.withLock { $0.selectSeries(selection) }
        guard let store, let journal else { return here }
        try await Self.wait(journal.barrier())
        do throws(SessionStoreError) {
            let stored = try await store.series(selection).filter { !journal.hasUndoneEnd($0.id) }
            let ids = Set(stored.map(\.id))
            return stored + registry.withLock { $0.selectSeries(selection) }.filter { !ids.contains($0.id) }
        } catch {
            throw error.outage
        }
    }

    /// Forgets what is over or of no use any more; the store does the same when it is swept.
    func sweepSeries() {
        let now = now
        registry.withLock { registry in
            for var series in registry.selectSeries(.all) {
                if remember.isOver(series, now: now) {
                    _ = registry.remove(series)
                } else if let previous = series.previous, previous.until <= now {
                    series.previous = nil
                    registry.update(series)
                }
            }
        }
    }
}
