internal import Logging
internal import Synchronization

/// Brings changes to the store in the order in which memory has seen them, many at a time.
///
/// Whoever changes memory appends the change within the same critical section, so memory and store see one order.
/// While the store writes one batch, the next one gathers: logins that come together share one flush of the disk.
final class SessionJournal: Sendable {
    typealias Receipt = Promise<Result<Void, SessionStoreError>>

    private struct Entry: Sendable {
        let changes: [SessionChange]
        let receipt: Receipt
    }

    private struct State: Sendable {
        var queue: [Entry] = []
        var isDraining = false
        /// Sessions that have ended here and that the store could not be told of yet.
        var undoneEnds: Set<SessionID> = []
    }

    private static let batchLimit = 512

    private let store: any SessionStore
    private let logger: Logger
    private let state = Mutex(State())

    init(store: any SessionStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Puts changes at the end of the queue; they are applied all or none.
    @discardableResult
    func append(_ changes: [SessionChange]) -> Receipt {
        let entry = Entry(changes: changes, receipt: Receipt())
        let mustDrain = state.withLock { state in
            state.queue.append(entry)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustDrain { Task { await drain() } }
        return entry.receipt
    }

    /// A receipt for all that was appended before, whatever became of it.
    func barrier() -> Receipt {
        append([])
    }

    /// Whether a session has ended although the store may still have it.
    func hasUndoneEnd(_ id: SessionID) -> Bool {
        state.withLock { $0.undoneEnds.contains(id) }
    }

    /// Tries again to end what the store could not be told of.
    func retryEnds() {
        let ids = state.withLock { Array($0.undoneEnds) }
        if !ids.isEmpty { append([.end(ids)]) }
    }

    private func drain() async {
        while let batch = nextBatch() {
            let result = await apply(batch.flatMap(\.changes))
            if case .failure = result, batch.count > 1 {
                // One bad change must not fail the others: each entry for itself.
                for entry in batch { settle(entry, await apply(entry.changes)) }
            } else {
                for entry in batch { settle(entry, result) }
            }
        }
    }

    private func nextBatch() -> [Entry]? {
        state.withLock { state in
            guard !state.queue.isEmpty else {
                state.isDraining = false
                return nil
            }
            let batch = Array(state.queue.prefix(Self.batchLimit))
            state.queue.removeFirst(batch.count)
            return batch
        }
    }

    private func apply(_ changes: [SessionChange]) async -> Result<Void, SessionStoreError> {
        guard !changes.isEmpty else { return .success(()) }
        do throws(SessionStoreError) {
            try await store.apply(changes)
            return .success(())
        } catch {
            logger.error("the session store did not take changes", metadata: ["error": "\(error)"])
            return .failure(error)
        }
    }

    private func settle(_ entry: Entry, _ result: Result<Void, SessionStoreError>) {
        let ended = entry.changes.flatMap { change in
            if case .end(let ids) = change { ids } else { [SessionID]() }
        }
        if !ended.isEmpty {
            state.withLock { state in
                switch result {
                case .success: state.undoneEnds.subtract(ended)
                case .failure: state.undoneEnds.formUnion(ended)
                }
            }
        }
        entry.receipt.fulfil(result)
    }
}
