internal import EnterpriseAuth
internal import EnterpriseAuthSQLite

/// Failures count across commands: each of them counts in the store before it asks, and lets the others have it then.
extension CommandStore: ThrottleStore {
    nonisolated var isShared: Bool { true }

    func throttleCounts(limit: Int) async throws(SessionStoreError) -> [ThrottleKey: ThrottleCount] {
        try await opened().throttleCounts(limit: limit)
    }

    func updateThrottle<Value: Sendable>(
        _ keys: Set<ThrottleKey>,
        _ body: @escaping @Sendable (inout [ThrottleKey: ThrottleCount]) -> Value
    ) async throws(SessionStoreError) -> Value {
        try await opened().updateThrottle(keys, body)
    }

    func sweepThrottle(now: Timestamp, limit: Int) async throws(SessionStoreError) {
        try await opened().sweepThrottle(now: now, limit: limit)
    }
}
