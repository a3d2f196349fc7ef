internal import EnterpriseAuth
internal import EnterpriseAuthSQLite

/// The session store of one command: it can be put aside for as long as a person types.
///
/// An open store is locked for all other commands. `rest()` closes it, and whatever is asked of it next opens it again;
/// what a `LoginManager` has in memory of the store is true only while it stays open, so that it may rest only before the
/// manager's first use of it.
actor CommandStore: SessionStore {
    private let path: String
    private let patience: Duration
    private var store: SQLiteSessionStore?
    private var isClosed = false
    /// Whether a session has been read or written.
    private var isKnown = false

    private init(path: String, patience: Duration, store: SQLiteSessionStore) {
        (self.path, self.patience, self.store) = (path, patience, store)
    }

    /// Opens the store.
    /// - Parameters:
    ///   - path: The database file.
    ///   - patience: How long to wait while other commands have it.
    /// - Returns: The store, open.
    /// - Throws: `SQLiteStoreOpenError`, `CancellationError`.
    static func open(_ path: String, patience: Duration) async throws -> CommandStore {
        let deadline = ContinuousClock.now + patience
        while true {
            if let store = try await attempt(path, until: deadline) {
                return CommandStore(path: path, patience: patience, store: store)
            }
        }
    }

    /// Lets other commands have the store until it is needed again, unless the manager knows something of its sessions.
    func rest() async {
        guard !isKnown else { return }
        await letGo()
    }

    private func letGo() async {
        let open = store
        store = nil
        await open?.close()
    }

    func session(withTokenHash hash: SessionTokenHash) async throws(SessionStoreError) -> Session? {
        isKnown = true
        return try await opened().session(withTokenHash: hash)
    }

    func sessions(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [Session] {
        isKnown = true
        return try await opened().sessions(selection, after: after, limit: limit)
    }

    func series(withHash hash: SessionTokenHash) async throws(SessionStoreError) -> RememberSeries? {
        try await opened().series(withHash: hash)
    }

    func series(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [RememberSeries] {
        try await opened().series(selection, after: after, limit: limit)
    }

    func apply(_ changes: [SessionChange]) async throws(SessionStoreError) {
        isKnown = true
        try await opened().apply(changes)
    }

    /// Sweeps the open store; one that rests is not woken for it, because the next command that needs it sweeps.
    func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
        guard store != nil || isClosed else { return 0 }
        return try await opened().sweep(now: now, idleSince: idleSince)
    }

    func close() async {
        isClosed = true
        await letGo()
    }

    func opened() async throws(SessionStoreError) -> SQLiteSessionStore {
        let deadline = ContinuousClock.now + patience
        do {
            while true {
                guard !isClosed else { throw SessionStoreError(step: "open", detail: "the store is closed") }
                // Another call may have opened it while this one waited.
                if let store { return store }
                if let new = try await Self.attempt(path, until: deadline) {
                    // The wait may have been outlived by its reason.
                    guard !isClosed else {
                        await new.close()
                        throw SessionStoreError(step: "open", detail: "the store is closed")
                    }
                    store = new
                    return new
                }
            }
        } catch let error as SessionStoreError {
            throw error
        } catch SQLiteStoreOpenError.failed(let error) {
            throw error
        } catch {
            throw SessionStoreError(step: "open", detail: "\(error)")
        }
    }

    /// Tries once.
    /// - Returns: Nil if somebody else has it, and it is worth trying again now.
    private static func attempt(
        _ path: String,
        until deadline: ContinuousClock.Instant
    ) async throws -> SQLiteSessionStore? {
        do throws(SQLiteStoreOpenError) {
            return try await SQLiteSessionStore.open(path)
        } catch {
            guard case .inUse = error, ContinuousClock.now < deadline else { throw error }
        }
        try await Task.sleep(for: .milliseconds(20))
        return nil
    }
}
