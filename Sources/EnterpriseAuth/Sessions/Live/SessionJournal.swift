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
        /// Nothing more is taken, and with the second what was taken is not written any more.
        var (isClosed, isAbandoned) = (false, false)
        /// Sessions and remembered logins that have ended here and that the store could not be told of yet.
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
        if take(entry, closing: false) { Task { await drain() } }
        return entry.receipt
    }

    /// Whether it takes no more changes.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Takes no more changes, and waits until those taken before are in the store.
    /// - Parameter deadline: When to give up; what has not been begun by then is not written any more.
    func close(until deadline: ContinuousClock.Instant) async {
        let last = Entry(changes: [], receipt: Receipt())
        if take(last, closing: true) { Task { await drain() } }
        guard await last.receipt.value(until: deadline) == nil else { return }
        let lost = state.withLock { state in
            state.isAbandoned = true
            return state.queue.count { !$0.changes.isEmpty }
        }
        logger.error("the session store was closed before it took all changes", metadata: ["lost": "\(lost)"])
    }

    /// Puts an entry at the end of the queue.
    /// - Returns: Whether the caller must see to the queue.
    private func take(_ entry: Entry, closing: Bool) -> Bool {
        let mustDrain: Bool? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.isClosed = closing
            state.queue.append(entry)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustDrain == nil { entry.receipt.fulfil(.failure(Self.closed)) }
        return mustDrain ?? false
    }

    private static let closed = SessionStoreError(step: "write", detail: "the session store is closed")

    /// A receipt for all that was appended before, whatever became of it.
    func barrier() -> Receipt {
        append([])
    }

    /// Whether a session or a remembered login has ended although the store may still have it.
    func hasUndoneEnd(_ id: SessionID) -> Bool {
        state.withLock { $0.undoneEnds.contains(id) }
    }

    /// Tries again to end what the store could not be told of.
    func retryEnds() {
        let ids = state.withLock { Array($0.undoneEnds) }
        // An id is that of a session or of a remembered login; what is not there is no error.
        if !ids.isEmpty { append([.end(ids), .endSeries(ids)]) }
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
        guard !state.withLock({ $0.isAbandoned }) else { return .failure(Self.closed) }
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
            switch change {
            case .end(let ids), .endSeries(let ids): ids
            default: [SessionID]()
            }
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
