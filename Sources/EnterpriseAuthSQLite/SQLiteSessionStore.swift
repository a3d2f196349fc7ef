internal import Dispatch
public import EnterpriseAuth
internal import GRDB
internal import HostSystem

/// Sessions in an SQLite database on this host.
///
/// What `apply(_:)` has acknowledged survives a crash of the process and of the machine (write-ahead log, flushed at
/// every commit: sqlite.org/pragma.html, `synchronous`). Deleted rows are overwritten (`secure_delete`). The file can be
/// read by its owner only, and holds token hashes, never tokens.
///
/// The store belongs to one process at a time: it holds the lock file `PATH.lock` for as long as it is open. All calls
/// wait on the database's own queues, never on the cooperative pool.
public final class SQLiteSessionStore: SessionStore {
    /// The database file.
    public let path: String

    let pool: DatabasePool
    private let lock: FileLock

    private init(path: String, pool: DatabasePool, lock: FileLock) {
        self.path = path
        self.pool = pool
        self.lock = lock
    }

    /// The lock file that belongs to a database.
    /// - Parameter path: The database file.
    /// - Returns: The path of the lock file beside it.
    public static func lockPath(of path: String) -> String { path + ".lock" }

    /// Opens the database, making it if it is missing.
    /// - Parameter path: The database file; its directory must exist.
    /// - Returns: The store.
    /// - Throws: `SQLiteStoreOpenError`.
    public static func open(_ path: String) async throws(SQLiteStoreOpenError) -> SQLiteSessionStore {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Result { () throws(SQLiteStoreOpenError) in try openBlocking(path) })
            }
        }
        return try result.get()
    }

    private static func openBlocking(_ path: String) throws(SQLiteStoreOpenError) -> SQLiteSessionStore {
        let lock = try DatabaseFile.prepare(path, lockPath: lockPath(of: path))
        do {
            var configuration = Configuration()
            configuration.label = "ent-login.sessions"
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA secure_delete = ON")
                try database.execute(sql: "PRAGMA trusted_schema = OFF")
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            // After the pool, which sets NORMAL: an acknowledged login must survive a power cut too.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try SessionSchema.migrate(pool, path)
            return SQLiteSessionStore(path: path, pool: pool, lock: lock)
        } catch let error as SQLiteStoreOpenError {
            throw error
        } catch {
            throw .failed(storeError(error, step: "open", path: path))
        }
    }

    /// Looks up the session that a token opens.
    /// - Parameter hash: The token's hash.
    /// - Returns: The session, expired or not, or nil if there is none.
    /// - Throws: `SessionStoreError` if the database cannot be read.
    public func session(withTokenHash hash: SessionTokenHash) async throws(SessionStoreError) -> Session? {
        try await reading { database in
            try SessionRow.fetchOne(database, tokenHash: hash)
        }
    }

    /// Lists sessions in pages, in the order of their ids.
    /// - Parameters:
    ///   - selection: Which sessions.
    ///   - after: The last id of the page before; nil for the first page.
    ///   - limit: The most sessions that are wanted.
    /// - Returns: The sessions, expired ones included.
    /// - Throws: `SessionStoreError` if the database cannot be read.
    public func sessions(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [Session] {
        try await reading { database in
            try SessionRow.fetch(database, selection, after: after, limit: limit)
        }
    }

    /// Looks up a remembered login.
    /// - Parameter hash: The hash of the secret by which the browser names it.
    /// - Returns: The remembered login, expired or not, or nil if there is none.
    /// - Throws: `SessionStoreError` if the database cannot be read.
    public func series(withHash hash: SessionTokenHash) async throws(SessionStoreError) -> RememberSeries? {
        try await reading { database in
            try RememberRow.fetchOne(database, hash: hash)
        }
    }

    /// Lists remembered logins in pages, in the order of their ids.
    /// - Parameters:
    ///   - selection: Which.
    ///   - after: The last id of the page before; nil for the first page.
    ///   - limit: The most that are wanted.
    /// - Returns: The remembered logins, expired ones included.
    /// - Throws: `SessionStoreError` if the database cannot be read.
    public func series(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [RememberSeries] {
        try await reading { database in
            try RememberRow.fetch(database, selection, after: after, limit: limit)
        }
    }

    /// Makes changes, all or none of them, in their order.
    /// - Parameter changes: What to change.
    /// - Throws: `SessionStoreError` if nothing was changed.
    public func apply(_ changes: [SessionChange]) async throws(SessionStoreError) {
        do {
            try await pool.write { database in
                for change in changes { try SessionRow.apply(change, to: database) }
            }
        } catch {
            throw Self.storeError(error, step: "write", path: path)
        }
    }

    /// Removes sessions that are over.
    /// - Parameters:
    ///   - now: Sessions whose `expiresAt` is not later are over.
    ///   - idleSince: Sessions whose `lastSeenAt` is not later are over.
    /// - Returns: How many were removed.
    /// - Throws: `SessionStoreError` if the database could not be written.
    public func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
        do {
            return try await pool.write { database in
                try SessionRow.sweep(database, now: now, idleSince: idleSince)
            }
        } catch {
            throw Self.storeError(error, step: "sweep", path: path)
        }
    }

    /// Brings everything into the database file itself, closes it, and gives the lock back.
    ///
    /// The file alone is whole afterwards, unless another program was reading it just then, or the disk did not answer
    /// within some seconds; what is missing in it is in `PATH-wal`, as always, and nothing is lost.
    public func close() async {
        let closer = BlockingExecutor(name: "sqlite-close", width: 1, queueLimit: 0)
        let end: @Sendable () -> Void = { [pool, lock] in
            Self.emptyLog(of: pool)
            // A reader that is still at work keeps the file open; the lock goes all the same, as at a crash.
            try? pool.close()
            lock.release()
        }
        // In a task of its own: whoever is cancelled has still to give the lock back.
        await Task {
            do throws(HostError) {
                try await closer.run(deadline: .now + Self.closeLimit) { () throws(HostError) in end() }
            } catch {
                // It goes on, or there can be no more threads; Dispatch may still have one.
                if error.reason != .timedOut { DispatchQueue.global().async(execute: end) }
            }
        }.value
    }

    /// How long the caller of `close()` waits for a disk that does not answer.
    private static let closeLimit: Duration = .seconds(5)

    /// Writes the write-ahead log into the database (sqlite.org/c3ref/wal_checkpoint_v2.html).
    ///
    /// SQLite does it by itself when the last connection closes, but here that is a reader, which may not write.
    private static func emptyLog(of pool: DatabasePool) {
        try? pool.writeWithoutTransaction { database in
            // Other programs that read keep some of it from being written; they are not waited for long.
            try database.execute(sql: "PRAGMA busy_timeout = 500")
            _ = try database.checkpoint(.truncate)
        }
    }

    private func reading<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(SessionStoreError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw Self.storeError(error, step: "read", path: path)
        }
    }

    /// Says what happened without the statement's arguments, which name people.
    static func storeError(_ error: any Error, step: String, path: String) -> SessionStoreError {
        switch error {
        case let error as SessionStoreError: return error
        case let error as DatabaseError:
            let message = error.message ?? "no message"
            return SessionStoreError(
                step: step,
                code: Int(error.extendedResultCode.rawValue),
                detail: "\(path): \(message) (SQLite code \(error.extendedResultCode.rawValue))"
            )
        case is CancellationError:
            return SessionStoreError(step: step, detail: "\(path): cancelled")
        default:
            return SessionStoreError(step: step, detail: "\(path): \(error)")
        }
    }
}
