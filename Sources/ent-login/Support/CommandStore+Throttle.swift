internal import EnterpriseAuth
internal import EnterpriseAuthSQLite
internal import HostSystem

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

    func throttleSizes() async throws(SessionStoreError) -> [ThrottleKey.Kind: Int] {
        try await opened().throttleSizes()
    }

    func sweepThrottle(now: Timestamp) async throws(SessionStoreError) {
        try await opened().sweepThrottle(now: now)
    }
}

/// The key under which counters are shared for want of room is the same for all commands.
extension CommandStore: SecretStore {
    func secret(named name: String) async throws(SessionStoreError) -> SecretBytes {
        try await opened().secret(named: name)
    }
}
