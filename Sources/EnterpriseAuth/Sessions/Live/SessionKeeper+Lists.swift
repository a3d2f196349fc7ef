internal import Synchronization

extension SessionKeeper {
    /// Lists live sessions, those included that nobody has used since the start.
    func list(_ selection: SessionSelection) async throws(Outage) -> [Session] {
        let now = now.milliseconds
        return try await all(selection).filter { rules.endReason(of: $0, now: now) == nil }
    }

    /// The sessions of a selection, of the store and of memory: where they disagree, both are believed.
    func all(_ selection: SessionSelection) async throws(Outage) -> [Session] {
        guard let store, let journal else { return inMemory(selection) }
        guard await flush() else {
            let detail = "the session store did not take the last uses of sessions"
            throw Outage(.internal, source: "session store", step: "write", detail: detail)
        }
        try await Self.wait(journal.barrier())
        do throws(SessionStoreError) {
            let stored = try await store.sessions(selection).filter { !journal.hasUndoneEnd($0.id) }
            let ids = Set(stored.map(\.id))
            return stored + inMemory(selection, except: ids)
        } catch {
            throw error.outage
        }
    }

    private func inMemory(_ selection: SessionSelection, except known: Set<SessionID> = []) -> [Session] {
        registry.withLock { $0.select(selection) }.filter { !known.contains($0.id) }.map { $0.snapshot() }
    }
}
