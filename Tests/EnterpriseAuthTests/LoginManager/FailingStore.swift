import EnterpriseAuth
import EnterpriseAuthTesting
import Synchronization

/// A store in memory whose writes or reads fail while a test wants them to, and whose calls it can count.
final class FailingStore: SessionStore {
    private struct State: Sendable {
        var isFailing = false
        var reads = 0
        var batches: [[SessionChange]] = []
    }

    private let inner = MemorySessionStore()
    private let state = Mutex(State())

    var reads: Int { state.withLock { $0.reads } }
    var batches: [[SessionChange]] { state.withLock { $0.batches } }

    func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

    private func check(_ step: String) throws(SessionStoreError) {
        guard !state.withLock({ $0.isFailing }) else {
            throw SessionStoreError(step: step, code: 13, detail: "the disk is full")
        }
    }

    func session(withTokenHash hash: SessionTokenHash) async throws(SessionStoreError) -> Session? {
        state.withLock { $0.reads += 1 }
        try check("read")
        return try await inner.session(withTokenHash: hash)
    }

    func sessions(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [Session] {
        state.withLock { $0.reads += 1 }
        return try await inner.sessions(selection, after: after, limit: limit)
    }

    func apply(_ changes: [SessionChange]) async throws(SessionStoreError) {
        try check("write")
        state.withLock { $0.batches.append(changes) }
        try await inner.apply(changes)
    }

    func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
        try check("sweep")
        return try await inner.sweep(now: now, idleSince: idleSince)
    }
}
