import EnterpriseAuthTesting
import HostSystem

@testable import EnterpriseAuth

/// A store of sessions and counters that counts how often it is written to, and fails or hangs if it is told to.
actor CountingStore: SessionStore, ThrottleStore {
    nonisolated let isShared: Bool
    private let sessions = MemorySessionStore()
    private(set) var counts: [ThrottleKey: ThrottleCount] = [:]
    private(set) var updates = 0
    private(set) var rests = 0
    private var isBroken = false
    private var isHanging = false
    private var hanging: [CheckedContinuation<Void, Never>] = []

    init(isShared: Bool) { self.isShared = isShared }

    func setBroken(_ isBroken: Bool) { self.isBroken = isBroken }

    /// Lets nobody have an answer any more.
    func hang() { isHanging = true }

    /// Lets those who wait, and all later ones, have their answers.
    func release() {
        isHanging = false
        for continuation in hanging { continuation.resume() }
        hanging = []
    }

    /// How many wait for an answer.
    var hangingCount: Int { hanging.count }

    private func waitUntilReleased() async {
        guard isHanging else { return }
        await withCheckedContinuation { hanging.append($0) }
    }

    private func check() throws(SessionStoreError) {
        if isBroken { throw SessionStoreError(step: "read", detail: "broken") }
    }

    func throttleCounts(limit: Int) async throws(SessionStoreError) -> [ThrottleKey: ThrottleCount] {
        await waitUntilReleased()
        try check()
        return counts
    }

    func updateThrottle<Value: Sendable>(
        _ keys: Set<ThrottleKey>,
        _ body: @escaping @Sendable (inout [ThrottleKey: ThrottleCount]) -> Value
    ) async throws(SessionStoreError) -> Value {
        await waitUntilReleased()
        try check()
        updates += 1
        var given = counts.filter { keys.contains($0.key) }
        let before = given
        defer {
            for key in before.keys { counts[key] = nil }
            counts.merge(given) { $1 }
        }
        return body(&given)
    }

    func throttleSizes() async throws(SessionStoreError) -> [ThrottleKey.Kind: Int] {
        await waitUntilReleased()
        try check()
        return counts.keys.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }

    func sweepThrottle(now: Timestamp) async throws(SessionStoreError) {
        counts = counts.filter { $0.value.forgottenAt > now }
    }

    func rest() async { rests += 1 }

    func session(withTokenHash hash: SessionTokenHash) async throws(SessionStoreError) -> Session? {
        try await sessions.session(withTokenHash: hash)
    }

    func sessions(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [Session] {
        try await sessions.sessions(selection, after: after, limit: limit)
    }

    func series(withHash hash: SessionTokenHash) async throws(SessionStoreError) -> RememberSeries? {
        try await sessions.series(withHash: hash)
    }

    func series(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [RememberSeries] {
        try await sessions.series(selection, after: after, limit: limit)
    }

    func apply(_ changes: [SessionChange]) async throws(SessionStoreError) { try await sessions.apply(changes) }

    func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
        try await sessions.sweep(now: now, idleSince: idleSince)
    }
}

extension CountingStore: SecretStore {
    func secret(named name: String) async throws(SessionStoreError) -> SecretBytes { SecretBytes(Array(0..<32)) }
}
