/// The counters and what they say: the same for counters in memory and for those of a shared store.
struct ThrottleLedger: Sendable {
    /// Why an attempt is not let through.
    struct Block: Sendable, Hashable {
        let key: ThrottleKey
        let failures: Int64
        let until: Int64
    }

    let account: ThrottleLimits
    let source: ThrottleLimits
    let limit: Int
    private(set) var counts: [ThrottleKey: ThrottleCount] = [:]
    /// Counters that have changed since `takeChanges()`.
    private(set) var changed: Set<ThrottleKey> = []

    init(_ configuration: ThrottleConfiguration) {
        let limits = { free in
            ThrottleLimits(
                free: free,
                firstWait: configuration.firstWait,
                longestWait: configuration.longestWait,
                forget: configuration.forget
            )
        }
        account = limits(configuration.freeGuesses)
        source = limits(configuration.sourceFreeGuesses)
        limit = configuration.maxEntries
    }

    func limits(of kind: ThrottleKey.Kind) -> ThrottleLimits {
        kind == .source ? source : account
    }

    /// Takes what a store has kept; what is here already is newer.
    mutating func load(_ records: [ThrottleKey: ThrottleCount], now: Int64) {
        for (key, count) in records {
            // Rows that differ in their bytes only are one counter here.
            let known = counts[key] ?? .zero
            let plausible = limits(of: key.kind).plausible(count, at: now)
            if known.forgottenAt < plausible.forgottenAt { counts[key] = plausible }
        }
    }

    /// Why an attempt must wait, if it must, when so many others are on their way that may all fail.
    mutating func block(_ subject: ThrottleSubject, pending: [ThrottleKey: Int] = [:], now: Int64) -> Block? {
        var blocks: [Block] = []
        for key in subject.deciding {
            let limits = limits(of: key.kind)
            var count = plausible(key, now: now)
            if let known = counts[key], known != count { set(key, count, now: now) }
            // More than all of them that are free change nothing.
            for _ in 0..<min(Int64(pending[key] ?? 0), limits.most) { count = limits.adding(count, at: now) }
            let until = limits.openFrom(count, at: now)
            guard until > now else { continue }
            blocks.append(Block(key: key, failures: limits.failures(count, at: now), until: until))
        }
        return blocks.max { $0.until < $1.until }
    }

    /// How many failures of late are known for the account, or the device.
    func failures(_ subject: ThrottleSubject, now: Int64) -> Int64 {
        guard let key = subject.deciding.first, key.kind != .source else { return 0 }
        return limits(of: key.kind).failures(counts[key] ?? .zero, at: now)
    }

    /// Counts a failure.
    mutating func fail(_ subject: ThrottleSubject, now: Int64) {
        for key in subject.failing {
            set(key, limits(of: key.kind).adding(plausible(key, now: now), at: now), now: now)
        }
    }

    /// Takes back a failure that was counted in advance.
    mutating func takeBack(_ before: [ThrottleKey: ThrottleCount], countedAt: Int64, now: Int64) {
        for (key, old) in before {
            guard var count = counts[key] else { continue }
            let limits = limits(of: key.kind)
            let added = limits.adding(old, at: countedAt).level(at: countedAt) - old.level(at: countedAt)
            if count.lastFailureAt.milliseconds == countedAt { count.lastFailureAt = old.lastFailureAt }
            count.forgottenAt = count.forgottenAt.adding(.milliseconds(-added))
            set(key, count, now: now)
        }
    }

    /// Forgets what the client has brought to the account's counter, and the device's own failures.
    mutating func succeed(_ subject: ThrottleSubject, now: Int64) {
        if subject.device != nil { subject.deciding.forEach { remove($0) } }
        guard let account = subject.account, let share = subject.share, let mine = counts[share] else { return }
        remove(share)
        let key = ThrottleKey(.account, account: account)
        guard var count = counts[key] else { return }
        count.forgottenAt = count.forgottenAt.adding(.milliseconds(-mine.level(at: now)))
        // The others' last failure was somewhen before; to believe it older than it was would let them off their wait.
        set(key, count, now: now)
    }

    /// Forgets counters.
    mutating func remove(_ key: ThrottleKey) {
        if counts.removeValue(forKey: key) != nil { changed.insert(key) }
    }

    /// Forgets what has become nothing.
    mutating func sweep(now: Int64) {
        for (key, count) in counts where count.level(at: now) == 0 { remove(key) }
    }

    /// What has changed since the last call: a state, or nil for a counter that is gone.
    mutating func takeChanges() -> [ThrottleKey: ThrottleCount?] {
        defer { changed = [] }
        return Dictionary(uniqueKeysWithValues: changed.map { ($0, counts[$0]) })
    }

    /// Notes that changes which were taken have not arrived.
    mutating func putBack(_ keys: some Sequence<ThrottleKey>) {
        changed.formUnion(keys)
    }

    private func plausible(_ key: ThrottleKey, now: Int64) -> ThrottleCount {
        limits(of: key.kind).plausible(counts[key] ?? .zero, at: now)
    }

    private mutating func set(_ key: ThrottleKey, _ count: ThrottleCount, now: Int64) {
        guard count.level(at: now) > 0 else { return remove(key) }
        counts[key] = count
        changed.insert(key)
        if counts.count > limit { makeRoom() }
    }

    /// Drops what would be forgotten first, a tenth at a time so that it need not be done for every failure.
    private mutating func makeRoom() {
        let byEnd = counts.sorted { $0.value.forgottenAt < $1.value.forgottenAt }
        for (key, _) in byEnd.prefix(counts.count - limit + limit / 10) { remove(key) }
    }
}
