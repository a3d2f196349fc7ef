internal import Synchronization

extension SessionKeeper {
    /// Lists live sessions, those included that nobody has used since the start.
    func list(_ selection: SessionSelection) async throws(Outage) -> [Session] {
        let now = now.milliseconds
        return try await all(selection).filter { session in
            rules.endReason(
                lastSeenAt: session.lastSeenAt.milliseconds,
                expiresAt: session.expiresAt.milliseconds,
                now: now
            ) == nil
        }
    }

    /// Brings the sessions of a selection into memory.
    func live(_ selection: SessionSelection) async throws(Outage) -> [LiveSession] {
        let found = try await all(selection)
        for userID in Set(found.map(\.identity.userID)) {
            try await load(userID)
        }
        let ids = Set(found.map(\.id))
        let people = Set(found.map(\.identity.userID))
        return registry.withLock { registry in
            people.flatMap { registry[$0]?.sessions ?? [] }.filter { ids.contains($0.id) }
        }
    }

    private func all(_ selection: SessionSelection) async throws(Outage) -> [Session] {
        guard let store, let journal else { return inMemory(selection) }
        guard await flush() else {
            let detail = "the session store did not take the last uses of sessions"
            throw Outage(.internal, source: "session store", step: "write", detail: detail)
        }
        try await Self.wait(journal.barrier())
        do throws(SessionStoreError) {
            return try await store.sessions(selection).filter { !journal.hasUndoneEnd($0.id) }
        } catch {
            throw error.outage
        }
    }

    private func inMemory(_ selection: SessionSelection) -> [Session] {
        let sessions = registry.withLock { registry in
            switch selection {
            case .user(let id): registry[id]?.sessions ?? []
            case .all, .loginName, .ids: registry.people.values.flatMap(\.sessions)
            }
        }
        switch selection {
        case .all, .user: return sessions.map { $0.snapshot() }
        case .ids(let ids):
            let wanted = Set(ids)
            return sessions.filter { wanted.contains($0.id) }.map { $0.snapshot() }
        case .loginName(let name):
            return sessions.map { $0.snapshot() }.filter { $0.identity.loginName.utf8.elementsEqual(name.utf8) }
        }
    }
}
