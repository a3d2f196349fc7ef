import EnterpriseAuth
import EnterpriseAuthTesting
import Synchronization

/// A store in memory whose writes or reads fail while a test wants them to, and whose calls it can count.
final class FailingStore: SessionStore {
    /// What a test can hold up.
    enum Step: Sendable {
        case list, write, sweep, series
    }

    private struct State: Sendable {
        var isFailing = false
        var refusesEnds = false
        var heldSteps: Set<Step> = []
        var held: [CheckedContinuation<Void, Never>] = []
        var onWrite: (@Sendable () -> Void)?
        var reads = 0
        var batches: [[SessionChange]] = []
        var isClosed = false
        var writesAfterClose = 0
    }

    private let inner = MemorySessionStore()
    private let state = Mutex(State())

    var reads: Int { state.withLock { $0.reads } }
    var batches: [[SessionChange]] { state.withLock { $0.batches } }

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var writesAfterClose: Int { state.withLock { $0.writesAfterClose } }

    func close() async { state.withLock { $0.isClosed = true } }

    func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

    /// Lets writes wait until `release()`.
    func hold() { hold(.write) }

    /// Fails every batch in which a session ends, as a crash in between would.
    func refuseEnds() { state.withLock { $0.refusesEnds = true } }

    /// Takes ends again.
    func allowEnds() { state.withLock { $0.refusesEnds = false } }

    /// Calls `body` before each batch.
    func onWrite(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onWrite = body } }

    /// Lets calls wait until `release()`.
    func hold(_ step: Step) { state.withLock { _ = $0.heldSteps.insert(step) } }

    /// Waits until a call is held.
    func someHeld() async {
        while state.withLock({ $0.held.isEmpty }) { await Task.yield() }
    }

    func release() {
        let held = state.withLock { state in
            state.heldSteps = []
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    private func pass(_ step: Step) async {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                guard state.heldSteps.contains(step) else { return false }
                state.held.append(continuation)
                return true
            }
            if !isHeld { continuation.resume() }
        }
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
        await pass(.list)
        return try await inner.sessions(selection, after: after, limit: limit)
    }

    func series(withHash hash: SessionTokenHash) async throws(SessionStoreError) -> RememberSeries? {
        await pass(.series)
        try check("read")
        return try await inner.series(withHash: hash)
    }

    func series(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [RememberSeries] {
        try check("read")
        return try await inner.series(selection, after: after, limit: limit)
    }

    func apply(_ changes: [SessionChange]) async throws(SessionStoreError) {
        state.withLock { $0.writesAfterClose += $0.isClosed ? 1 : 0 }
        await pass(.write)
        try check("write")
        let (refusesEnds, onWrite) = state.withLock { ($0.refusesEnds, $0.onWrite) }
        onWrite?()
        let hasEnds = changes.contains { change in
            switch change {
            case .end(let ids), .endSeries(let ids): !ids.isEmpty
            default: false
            }
        }
        guard !(refusesEnds && hasEnds) else { throw SessionStoreError(step: "write", detail: "no ends today") }
        state.withLock { $0.batches.append(changes) }
        try await inner.apply(changes)
    }

    func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
        await pass(.sweep)
        try check("sweep")
        return try await inner.sweep(now: now, idleSince: idleSince)
    }
}
