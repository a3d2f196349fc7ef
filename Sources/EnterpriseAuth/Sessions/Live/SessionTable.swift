internal import Synchronization

/// The live sessions by token hash, in many small tables with a lock each.
final class SessionTable: Sendable {
    private struct State: Sendable {
        var sessions: [SessionTokenHash: LiveSession] = [:]
        var touched: [LiveSession] = []
        /// Hashes that the store does not have either.
        ///
        /// Sound for ever: a token that comes into being later is new.
        var unknown: Set<SessionTokenHash> = []
    }

    private final class Shard: Sendable {
        let state = Mutex(State())
    }

    /// A power of two; small shards keep the pauses short when one grows.
    private static let shardCount = 256
    private static let unknownPerShard = 64

    private let shards = (0..<shardCount).map { _ in Shard() }

    init() {}

    private func shard(_ hash: SessionTokenHash) -> Shard {
        shards[hash.hashValue & (Self.shardCount - 1)]
    }

    func find(_ hash: SessionTokenHash) -> LiveSession? {
        shard(hash).state.withLock { $0.sessions[hash] }
    }

    func insert(_ session: LiveSession) {
        shard(session.tokenHash).state.withLock { $0.sessions[session.tokenHash] = session }
    }

    func remove(_ session: LiveSession) {
        shard(session.tokenHash).state.withLock { state in
            guard state.sessions[session.tokenHash] === session else { return }
            state.sessions[session.tokenHash] = nil
        }
    }

    /// Puts a session on the list for the next batch of touches.
    func touch(_ session: LiveSession) {
        shard(session.tokenHash).state.withLock { $0.touched.append(session) }
    }

    /// Takes the touches since the last time, shard by shard.
    func takeTouches(_ body: ([LiveSession], [SessionTouch]) -> Void) {
        for shard in shards {
            let touched = shard.state.withLock { state in
                defer { state.touched = [] }
                return state.touched
            }
            let live = touched.filter { !$0.isEnded }
            if !live.isEmpty { body(live, live.map { $0.takeTouch() }) }
        }
    }

    func isKnownToBeUnknown(_ hash: SessionTokenHash) -> Bool {
        shard(hash).state.withLock { $0.unknown.contains(hash) }
    }

    /// Remembers a hash that no session has, in place of any other if there are too many.
    func rememberUnknown(_ hash: SessionTokenHash) {
        shard(hash).state.withLock { state in
            if state.unknown.count >= Self.unknownPerShard { state.unknown.removeFirst() }
            state.unknown.insert(hash)
        }
    }

    /// All sessions that satisfy a condition, shard by shard: each shard is locked for itself and not for long.
    func all(where condition: (LiveSession) -> Bool) -> [LiveSession] {
        shards.flatMap { shard in
            shard.state.withLock { $0.sessions.values.filter(condition) }
        }
    }

    var count: Int {
        shards.reduce(0) { sum, shard in sum + shard.state.withLock { $0.sessions.count } }
    }
}
