public import EnterpriseAuth
internal import Foundation
internal import GRDB

extension SQLiteSessionStore: ThrottleStore {
    /// Reads the counters that hold most.
    /// - Parameter limit: The most that are wanted.
    /// - Returns: The counters.
    /// - Throws: `SessionStoreError` if the database cannot be read.
    public func throttleCounts(limit: Int) async throws(SessionStoreError) -> [ThrottleKey: ThrottleCount] {
        do {
            return try await pool.read { database in try ThrottleRow.fetch(database, limit: limit) }
        } catch {
            throw Self.storeError(error, step: "read", path: path)
        }
    }

    /// Reads and changes counters in one transaction.
    /// - Parameters:
    ///   - keys: The counters that are given to `body`, as far as they are there.
    ///   - body: Changes them.
    /// - Returns: What `body` returns.
    /// - Throws: `SessionStoreError` if nothing was changed.
    public func updateThrottle<Value: Sendable>(
        _ keys: Set<ThrottleKey>,
        _ body: @escaping @Sendable (inout [ThrottleKey: ThrottleCount]) -> Value
    ) async throws(SessionStoreError) -> Value {
        do {
            return try await pool.write { database in
                let before = try ThrottleRow.fetch(database, keys)
                var after = before
                let value = body(&after)
                for key in before.keys where after[key] == nil { try ThrottleRow.delete(key, database) }
                for (key, count) in after where before[key] != count { try ThrottleRow.put(key, count, database) }
                return value
            }
        } catch {
            throw Self.storeError(error, step: "write", path: path)
        }
    }

    /// Counts the counters.
    /// - Returns: How many there are of each kind.
    /// - Throws: `SessionStoreError` if the database cannot be read.
    public func throttleSizes() async throws(SessionStoreError) -> [ThrottleKey.Kind: Int] {
        do {
            return try await pool.read { database in try ThrottleRow.sizes(database) }
        } catch {
            throw Self.storeError(error, step: "read", path: path)
        }
    }

    /// Removes counters that are forgotten.
    /// - Parameter now: Counters whose `forgottenAt` is not later are forgotten.
    /// - Throws: `SessionStoreError` if the database could not be written.
    public func sweepThrottle(now: Timestamp) async throws(SessionStoreError) {
        do {
            try await pool.write { database in try ThrottleRow.sweep(database, now: now) }
        } catch {
            throw Self.storeError(error, step: "sweep", path: path)
        }
    }
}

/// The throttle's counters as rows.
private enum ThrottleRow {
    private static let columns = "kind, account, origin, forgotten_at, last_failure_at"
    private static let place = "WHERE kind = ? AND account = ? AND origin = ?"

    static func fetch(_ database: Database, limit: Int) throws -> [ThrottleKey: ThrottleCount] {
        let sql = "SELECT \(columns) FROM throttle ORDER BY forgotten_at DESC LIMIT ?"
        return try dictionary(Row.fetchAll(database, sql: sql, arguments: [limit]))
    }

    static func fetch(_ database: Database, _ keys: Set<ThrottleKey>) throws -> [ThrottleKey: ThrottleCount] {
        let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM throttle \(place)")
        return try dictionary(keys.compactMap { try Row.fetchOne(statement, arguments: arguments(of: $0)) })
    }

    static func put(_ key: ThrottleKey, _ count: ThrottleCount, _ database: Database) throws {
        let times: StatementArguments = [count.forgottenAt.milliseconds, count.lastFailureAt.milliseconds]
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO throttle (\(columns)) VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: arguments(of: key) + times)
    }

    static func delete(_ key: ThrottleKey, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM throttle \(place)").execute(arguments: arguments(of: key))
    }

    static func sizes(_ database: Database) throws -> [ThrottleKey.Kind: Int] {
        let rows = try Row.fetchAll(database, sql: "SELECT kind, COUNT(*) AS size FROM throttle GROUP BY kind")
        return Dictionary(try rows.map { (try kind(of: $0), $0["size"]) }) { $0 + $1 }
    }

    static func sweep(_ database: Database, now: Timestamp) throws {
        try database.execute(sql: "DELETE FROM throttle WHERE forgotten_at <= ?", arguments: [now.milliseconds])
    }

    private static func kind(of row: Row) throws -> ThrottleKey.Kind {
        guard let kind = ThrottleKey.Kind(rawValue: row["kind"]) else {
            throw SessionStoreError(step: "read", detail: "a counter of the throttle is damaged")
        }
        return kind
    }

    private static func arguments(of key: ThrottleKey) -> StatementArguments {
        [Int64(key.kind.rawValue), Data(key.account.utf8), Data(key.origin.utf8)]
    }

    private static func dictionary(_ rows: [Row]) throws -> [ThrottleKey: ThrottleCount] {
        let counters = try rows.map { row -> (ThrottleKey, ThrottleCount) in
            let kind = try kind(of: row)
            let account = String(decoding: row["account"] as Data, as: UTF8.self)
            let origin = String(decoding: row["origin"] as Data, as: UTF8.self)
            let count = ThrottleCount(
                forgottenAt: Timestamp(milliseconds: row["forgotten_at"]),
                lastFailureAt: Timestamp(milliseconds: row["last_failure_at"])
            )
            return (ThrottleKey(kind, account: account, origin: origin), count)
        }
        // Rows that differ in their bytes only, as letters and their parts do, are one counter.
        return Dictionary(counters) { $0.forgottenAt < $1.forgottenAt ? $1 : $0 }
    }
}
