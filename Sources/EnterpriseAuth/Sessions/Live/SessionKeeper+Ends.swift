internal import Synchronization

extension SessionKeeper {
    /// Ends sessions at once in memory, and as soon as may be in the store.
    ///
    /// What is meant is the session of an id: one that has got a new token meanwhile ends with it.
    /// - Returns: What this call has ended, and when the store has it for good.
    func end(
        _ sessions: [LiveSession],
        _ reason: SessionEndReason
    ) -> (ended: [Ended], receipt: SessionJournal.Receipt?) {
        endSelected(reason) { registry in (sessions.compactMap { registry.current($0) }, []) }
    }

    /// Ends what one look at the registry selects; nothing can come between the look and the end.
    private func endSelected(
        _ reason: SessionEndReason,
        _ select: (SessionRegistry) -> ([LiveSession], [RememberSeries])
    ) -> (ended: [Ended], receipt: SessionJournal.Receipt?) {
        registry.withLock { registry in
            let (sessions, series) = select(registry)
            let ended = end(sessions, series: series, reason, &registry)
            guard !ended.isEmpty else { return ([], nil) }
            return (ended, journal?.append(ended.changes))
        }
    }

    /// Ends a session if it is over by its limits; one that has got a new token meanwhile may not be.
    func endIfOver(_ session: LiveSession, now: Int64) -> [Ended] {
        guard let reason = rules.endReason(of: session, now: now) else { return [] }
        return endSelected(reason) { registry in
            (registry.current(session).map { rules.endReason(of: $0, now: now) == nil ? [] : [$0] } ?? [], [])
        }.ended
    }

    /// Ends sessions and remembered logins in memory; the caller tells the store within the same critical section.
    ///
    /// With a session ends what is remembered of its login, unless only the session is over; and with that every session
    /// that came from it; but `spared` stays, and with it the sessions that are not named.
    func end(
        _ sessions: [LiveSession],
        series: [RememberSeries] = [],
        _ reason: SessionEndReason,
        sparing spared: SessionID? = nil,
        _ registry: inout SessionRegistry
    ) -> [Ended] {
        var over = series
        if !reason.keepsSeries {
            over += sessions.compactMap { session in
                session.series.flatMap { registry.series($0, of: session.person.userID) }
            }
        }
        let forgotten = over.filter { $0.id != spared && registry.remove($0) }
        let all = sessions + forgotten.flatMap { registry.sessions(from: $0) }
        let ended = all.flatMap { session in
            registry.end(session).map { ended in
                table.remove(ended)
                return Ended(subject: .session(ended), reason: reason)
            }
        }
        return ended + forgotten.map { Ended(subject: .series($0), reason: reason) }
    }

    /// Ends a person's sessions, and what is remembered of their logins, whose password has been changed since.
    func endOutdated(_ userID: UserID, _ passwordVersion: String?, _ registry: inout SessionRegistry) -> [Ended] {
        let series = registry.outdatedSeries(of: userID, passwordVersion: passwordVersion)
        return end(
            registry.outdated(of: userID, passwordVersion: passwordVersion),
            series: series,
            .passwordChanged,
            &registry
        )
    }

    /// Ends all sessions of a person, and all logins of theirs that are remembered.
    func endSessions(
        of userID: UserID,
        _ reason: SessionEndReason
    ) -> (ended: [Ended], receipt: SessionJournal.Receipt?) {
        endSelected(reason) { ($0[userID]?.sessions ?? [], $0.series(of: userID)) }
    }

    /// Ends the sessions of a selection, whether they are in memory or in the store only.
    /// - Returns: What has ended in memory, and when the store has it for good.
    /// - Throws: `Outage` if the store cannot say which are meant; then none has ended.
    func endSelection(
        _ selection: SessionSelection,
        except kept: SessionID?,
        _ reason: SessionEndReason
    ) async throws(Outage) -> (ended: [Ended], receipt: SessionJournal.Receipt?) {
        let (sessions, allSeries) = (try await all(selection), try await allSeries(selection))
        for userID in Set(sessions.map(\.identity.userID) + allSeries.map(\.identity.userID)) {
            try await load(userID)
        }
        return registry.withLock { registry in
            // The login that the kept session belongs to stays remembered.
            let spared = kept.flatMap { kept in
                sessions.first { $0.id == kept }.map(\.series) ?? registry.select(.ids([kept])).first?.series
            }
            let found = sessions.filter { $0.id != kept }
            let foundSeries = allSeries.filter { $0.id != spared }
            let here = registry.select(selection).filter { $0.id != kept }
            let known = Set(here.map(\.id))
            let renamed = found.compactMap { session in
                known.contains(session.id) ? nil : registry.session(session.id, of: session.identity.userID)
            }
            let series = registry.selectSeries(selection) + foundSeries
            let ended = end(here + renamed, series: series, reason, sparing: spared, &registry)
            for session in found { registry.noteEnd(session.id, of: session.identity.userID) }
            for series in foundSeries { registry.noteEnd(series.id, of: series.identity.userID) }
            // What the store had is ended there even if memory does not know it.
            let ids = Set(found.map(\.id)).union(ended.sessions.map(\.id))
            let seriesIDs = Set(foundSeries.map(\.id)).union(ended.series.map(\.id))
            guard !ids.isEmpty || !seriesIDs.isEmpty else { return ([], nil) }
            return (ended, journal?.append([.end(ids.sorted()), .endSeries(seriesIDs.sorted())]))
        }
    }

    /// Ends everybody's sessions: first in the store, so that the answer can be relied on, then in memory.
    /// - Returns: The sessions that were in memory; more may have been in the store.
    /// - Throws: `Outage` if the store did not do it; then no session has ended. Where it did not say in time, they end
    ///   once it does.
    func endAll(_ reason: SessionEndReason) async throws(Outage) -> [Ended] {
        let (epoch, receipt) = registry.withLock { registry in
            (registry.nextEpoch(), journal?.append([.endAll]))
        }
        guard let receipt else { return endInMemory(before: epoch, reason) }
        do throws(Outage) {
            try await Self.wait(receipt)
        } catch {
            // The store may still do it: memory then follows, or tokens would go on working that no list shows.
            Task {
                guard case .success = await receipt.value() else { return }
                self.report(self.endInMemory(before: epoch, reason), by: nil)
            }
            throw error
        }
        return endInMemory(before: epoch, reason)
    }

    private func endInMemory(before epoch: UInt32, _ reason: SessionEndReason) -> [Ended] {
        registry.withLock { registry in
            let all = registry.endAll(before: epoch)
            for session in all.sessions { table.remove(session) }
            return all.sessions.map { Ended(subject: .session($0), reason: reason) }
                + all.series.map { Ended(subject: .series($0), reason: reason) }
        }
    }

    /// Ends what is over by its limits.
    func sweepMemory() {
        let now = now.milliseconds
        let over = table.all { rules.endReason(of: $0, now: now) != nil }
        for session in over { report(endIfOver(session, now: now), by: nil) }
        sweepSeries()
    }

    /// Brings the uses of sessions to the store.
    /// - Returns: True once the store has them.
    func flush() async -> Bool {
        guard let journal else { return true }
        var flushes: [(touched: [LiveSession], receipt: SessionJournal.Receipt)] = []
        table.takeTouches { touched, touches in flushes.append((touched, journal.append([.touch(touches)]))) }
        let end = ContinuousClock.now + Self.storeTimeout
        var isDone = true
        for flush in flushes {
            if case .success = await flush.receipt.value(until: end) { continue }
            isDone = false
            // Once more the next time: the store would else take these for idle.
            for session in flush.touched where session.claimTouch() { table.touch(session) }
        }
        return isDone
    }

    /// Removes from the store what is over although nobody came with its token since the start.
    func sweepStore() async throws(Outage) {
        // A use that the store has not heard of could make it take a live session for an idle one. Uses from here on may
        // come after the flush, so the limits are those of now.
        let now = now
        guard let store, await flush() else { return }
        do throws(SessionStoreError) {
            let idleSince = Timestamp(milliseconds: now.milliseconds - rules.idle)
            let count = try await store.sweep(now: now, idleSince: idleSince)
            guard count > 0 else { return }
            var event = LoginEvent(.sweep, .success, at: now)
            event.count = count
            trail.record(event)
        } catch {
            throw error.outage
        }
    }

    /// Tells the audit trail of sessions that have ended.
    func report(_ ended: [Ended], by client: SessionClient?, detail: String = "") {
        for end in ended { trail.record(end.event(at: now, by: client, detail: detail)) }
    }
}
