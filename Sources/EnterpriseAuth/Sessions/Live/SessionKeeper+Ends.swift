internal import Synchronization

extension SessionKeeper {
    /// A session that has ended, and why.
    struct Ended: Sendable {
        let session: LiveSession
        let reason: SessionEndReason
    }

    /// Ends sessions at once in memory, and as soon as may be in the store.
    /// - Returns: What this call has ended, and when the store has it for good.
    func end(
        _ sessions: [LiveSession],
        _ reason: SessionEndReason
    ) -> (ended: [Ended], receipt: SessionJournal.Receipt?) {
        registry.withLock { registry in
            let ended = end(sessions, reason, &registry)
            guard !ended.isEmpty else { return ([], nil) }
            return (ended, journal?.append([.end(ended.map(\.session.id))]))
        }
    }

    /// Ends sessions in memory; the caller tells the store within the same critical section.
    func end(_ sessions: [LiveSession], _ reason: SessionEndReason, _ registry: inout SessionRegistry) -> [Ended] {
        sessions.flatMap { session in
            registry.end(session).map { ended in
                table.remove(ended)
                return Ended(session: ended, reason: reason)
            }
        }
    }

    /// Ends all sessions of a person that satisfy a condition.
    func endSessions(
        of userID: UserID,
        _ reason: SessionEndReason,
        where condition: (LiveSession) -> Bool = { _ in true }
    ) -> (ended: [Ended], receipt: SessionJournal.Receipt?) {
        let sessions = registry.withLock { $0[userID]?.sessions ?? [] }
        return end(sessions.filter(condition), reason)
    }

    /// Ends everybody's sessions: first in the store, so that the answer can be relied on, then in memory.
    /// - Returns: The sessions that were in memory; more may have been in the store.
    /// - Throws: `Outage` if the store did not do it; then no session has ended.
    func endAll(_ reason: SessionEndReason) async throws(Outage) -> [Ended] {
        let (epoch, receipt) = registry.withLock { registry in
            (registry.nextEpoch(), journal?.append([.endAll]))
        }
        try await Self.wait(receipt)
        return registry.withLock { registry in
            registry.endAll(before: epoch).map { session in
                table.remove(session)
                return Ended(session: session, reason: reason)
            }
        }
    }

    /// Ends what is over by its limits.
    func sweepMemory() {
        let now = now.milliseconds
        let over = table.all { session in
            rules.endReason(lastSeenAt: session.lastSeenAt, expiresAt: session.expiresAt, now: now) != nil
        }
        for session in over {
            let reason = rules.endReason(lastSeenAt: session.lastSeenAt, expiresAt: session.expiresAt, now: now)
            if let reason { report(end([session], reason).ended, by: nil) }
        }
    }

    /// Brings the uses of sessions to the store.
    /// - Returns: True once the store has them.
    func flush() async -> Bool {
        guard let journal else { return true }
        var receipts: [SessionJournal.Receipt] = []
        table.takeTouches { receipts.append(journal.append([.touch($0)])) }
        for receipt in receipts {
            guard case .success = await receipt.value(until: .now + Self.storeTimeout) else { return false }
        }
        return true
    }

    /// Removes from the store what is over although nobody came with its token since the start.
    func sweepStore() async throws(Outage) {
        // A use that the store has not heard of could make it take a live session for an idle one.
        guard let store, await flush() else { return }
        let now = now
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
        for end in ended {
            var event = LoginEvent(.sessionEnd, .success, at: now, reason: end.reason.rawValue, detail: detail)
            let identity = end.session.person.view.facts.identity
            event.userID = identity.userID
            event.name = identity.loginName
            event.provider = identity.provider
            event.sessionID = end.session.id
            event.client = client
            trail.record(event)
        }
    }
}
