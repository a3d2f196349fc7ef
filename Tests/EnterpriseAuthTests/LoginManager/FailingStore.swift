import EnterpriseAuth
import EnterpriseAuthTesting
import Synchronization

/// A store in memory whose writes or reads fail while a test wants them to, and whose calls it can count.
final class FailingStore: SessionStore {
    private struct State: Sendable {
        var isFailing = false
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
        var reads = 0
        var batches: [[SessionChange]] = []
    }

    private let inner = MemorySessionStore()
    private let state = Mutex(State())

    var reads: Int { state.withLock { $0.reads } }
    var batches: [[SessionChange]] { state.withLock { $0.batches } }

    func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

    /// Lets writes wait until `release()`.
    func hold() { state.withLock { $0.isHolding = true } }

    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for write in held { write.resume() }
    }

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
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        try check("write")
        state.withLock { $0.batches.append(changes) }
        try await inner.apply(changes)
    }

    func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
        try check("sweep")
        return try await inner.sweep(now: now, idleSince: idleSince)
    }
}
