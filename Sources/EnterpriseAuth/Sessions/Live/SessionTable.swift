internal import Synchronization

/// The live sessions by token hash, in many small tables with a lock each.
final class SessionTable: Sendable {
    /// A session under eight bytes of its hash.
    ///
    /// Key and session lie side by side, and only a quarter of the hash is stored: to find one among a million touches
    /// one line of memory here and then the session itself, which has the whole hash.
    private struct Entry: Sendable, Hashable {
        let prefix: UInt64
        /// Nil only in what is looked for.
        let session: LiveSession?

        static func == (lhs: Entry, rhs: Entry) -> Bool { lhs.prefix == rhs.prefix }

        func hash(into hasher: inout Hasher) {
            hasher.combine(prefix)
        }
    }

    private struct State: Sendable {
        private(set) var entries: Set<Entry> = []
        /// Sessions before which another one has the same eight bytes: with a million sessions there is one such in
        /// tens of millions of runs.
        private(set) var others: [SessionTokenHash: LiveSession] = [:]
        /// Sessions under the token before their last renewal.
        private(set) var earlier: [SessionTokenHash: LiveSession] = [:]
        var touched: [LiveSession] = []
        /// Hashes that the store does not have either.
        ///
        /// Sound for ever: a token that comes into being later is new.
        var unknown: Set<SessionTokenHash> = []

        var count: Int { entries.count + others.count }

        private func first(of prefix: UInt64) -> LiveSession? {
            entries.firstIndex(of: Entry(prefix: prefix, session: nil)).flatMap { entries[$0].session }
        }

        func find(_ hash: SessionTokenHash) -> LiveSession? {
            guard let session = first(of: hash.prefix) else { return earlier[hash] }
            return session.tokenHash == hash ? session : others[hash] ?? earlier[hash]
        }

        mutating func insert(_ session: LiveSession, earlier hash: SessionTokenHash) {
            earlier[hash] = session
        }

        mutating func remove(_ session: LiveSession, earlier hash: SessionTokenHash) {
            if earlier[hash] === session { earlier[hash] = nil }
        }

        func all(where condition: (LiveSession) -> Bool) -> [LiveSession] {
            entries.compactMap { entry in entry.session.flatMap { condition($0) ? $0 : nil } }
                + others.values.filter(condition)
        }

        mutating func insert(_ session: LiveSession) {
            let hash = session.tokenHash
            if let first = first(of: hash.prefix), first.tokenHash != hash {
                others[hash] = session
            } else {
                entries.update(with: Entry(prefix: hash.prefix, session: session))
            }
        }

        mutating func remove(_ session: LiveSession) {
            let hash = session.tokenHash
            guard first(of: hash.prefix) === session else {
                if others[hash] === session { others[hash] = nil }
                return
            }
            entries.remove(Entry(prefix: hash.prefix, session: nil))
            // One of those that stood behind it steps forward, or `find` would stop short of them.
            guard let next = others.values.first(where: { $0.tokenHash.prefix == hash.prefix }) else { return }
            others[next.tokenHash] = nil
            entries.insert(Entry(prefix: hash.prefix, session: next))
        }
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
        shards[Int(truncatingIfNeeded: hash.prefix) & (Self.shardCount - 1)]
    }

    /// - Returns: The session whose token this is, or was before the last renewal: then it has to be asked whether that is
    ///   still good.
    func find(_ hash: SessionTokenHash) -> LiveSession? {
        shard(hash).state.withLock { $0.find(hash) }
    }

    func insert(_ session: LiveSession) {
        if let earlier = session.earlier?.hash {
            shard(earlier).state.withLock { $0.insert(session, earlier: earlier) }
        }
        shard(session.tokenHash).state.withLock { $0.insert(session) }
    }

    func remove(_ session: LiveSession) {
        shard(session.tokenHash).state.withLock { $0.remove(session) }
        if let earlier = session.earlier?.hash {
            shard(earlier).state.withLock { $0.remove(session, earlier: earlier) }
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
        shards.flatMap { shard in shard.state.withLock { $0.all(where: condition) } }
    }

    var count: Int {
        shards.reduce(0) { sum, shard in sum + shard.state.withLock { $0.count } }
    }
}
