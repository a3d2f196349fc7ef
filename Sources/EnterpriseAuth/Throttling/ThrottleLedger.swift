internal import HostSystem

/// The counters and what they say: the same for counters in memory and for those of a shared store.
///
/// Each kind has room for so many. Nothing is dropped for want of room, because whoever brings enough junk would then be
/// free: who comes when there is none shares a counter with others (`ThrottleBuckets`), until there is room again.
struct ThrottleLedger: Sendable {
    /// Why an attempt is not let through.
    struct Block: Sendable, Hashable {
        let key: ThrottleKey
        let failures: Int64
        let until: Int64
    }

    /// What a store is to hear.
    struct Changes: Sendable {
        /// The states; nil for a counter that is gone.
        let counts: [ThrottleKey: ThrottleCount?]
        /// Those of them that the store has not had so far.
        let new: Set<ThrottleKey>
    }

    /// How many times as many failures are free for a wider network.
    private static let (siteRoom, regionRoom) = (4, 16)

    let account: ThrottleLimits
    private let source: ThrottleLimits
    private let site: ThrottleLimits
    private let region: ThrottleLimits
    /// How many counters of each kind there is room for.
    private let limit: Int
    private var buckets: ThrottleBuckets
    private(set) var counts: [ThrottleKey: ThrottleCount] = [:]
    /// How many counters of each kind there are.
    private var sizes: [ThrottleKey.Kind: Int] = [:]
    private var sharedCount = 0
    /// Counters that have changed since `takeChanges()`; never more than there are here and in the store.
    private(set) var changed: Set<ThrottleKey> = []
    /// Counters that the store has, or may have.
    private var stored: Set<ThrottleKey> = []

    init(_ configuration: ThrottleConfiguration, key: SecretBytes) {
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
        site = limits(configuration.sourceFreeGuesses * Self.siteRoom)
        region = limits(configuration.sourceFreeGuesses * Self.regionRoom)
        limit = configuration.maxEntries
        buckets = ThrottleBuckets(key: key, count: limit)
    }

    /// How many counters there can be, of all kinds, the shared ones included.
    static func capacity(_ configuration: ThrottleConfiguration) -> Int {
        2 * configuration.maxEntries * ThrottleKey.Kind.allCases.count
    }

    /// Whether somebody has to share a counter.
    var isOverflowing: Bool { sharedCount > 0 }

    func limits(of kind: ThrottleKey.Kind) -> ThrottleLimits {
        switch kind {
        case .account, .device, .share: account
        case .source: source
        case .site: site
        case .region: region
        }
    }

    /// Takes what a store has kept; what is here already is newer.
    /// - Parameters:
    ///   - records: The counters.
    ///   - key: The key under which counters are shared; nil if it is known.
    ///   - sizes: How many counters of each kind the store has; nil if these are all.
    ///   - now: The time of day.
    mutating func load(
        _ records: [ThrottleKey: ThrottleCount],
        key: SecretBytes? = nil,
        sizes: [ThrottleKey.Kind: Int]? = nil,
        now: Int64
    ) {
        if let key { buckets = ThrottleBuckets(key: key, count: limit) }
        for (key, count) in records {
            // Rows that differ in their bytes only are one counter here.
            let known = counts[key] ?? .zero
            let plausible = limits(of: key.kind).plausible(count, at: now)
            if known.forgottenAt < plausible.forgottenAt { put(key, plausible) }
            stored.insert(key)
        }
        if let sizes { self.sizes = sizes }
    }
}

// MARK: What is counted where

extension ThrottleLedger {
    /// The counters that stand for some keys now: their own, or those that they share.
    func places(_ keys: [ThrottleKey]) -> [ThrottleKey] { keys.map(place) }

    /// The counter that a key shares where there is no room for its own.
    func bucket(of key: ThrottleKey) -> ThrottleKey { buckets.bucket(of: key) }

    private func place(_ key: ThrottleKey) -> ThrottleKey {
        counts[key] != nil || sizes[key.kind, default: 0] < limit ? key : bucket(of: key)
    }

    /// What is known of a key that is counted at `place`: whoever gets a counter of its own takes along what it has shared.
    private func known(_ place: ThrottleKey) -> ThrottleCount? {
        if let count = counts[place] { return count }
        return sharedCount > 0 && !place.isShared ? counts[bucket(of: place)] : nil
    }

    private func plausible(_ place: ThrottleKey, now: Int64) -> ThrottleCount {
        limits(of: place.kind).plausible(known(place) ?? .zero, at: now)
    }

    /// Why an attempt must wait, if it must, when so many others are on their way that may all fail.
    mutating func block(_ places: [ThrottleKey], pending: [ThrottleKey: Int] = [:], now: Int64) -> Block? {
        var blocks: [Block] = []
        for key in places {
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
        guard let key = subject.deciding.first, !key.kind.isSource else { return 0 }
        return limits(of: key.kind).failures(known(place(key)) ?? .zero, at: now)
    }

    /// The counters to which a failure adds.
    func failing(_ subject: ThrottleSubject) -> [ThrottleKey] {
        // What a client has brought to a counter that many share is not taken back.
        places(subject.failing).filter { $0.kind != .share || !$0.isShared }
    }

    /// Counts a failure.
    mutating func fail(_ subject: ThrottleSubject, now: Int64) {
        for place in failing(subject) {
            set(place, limits(of: place.kind).adding(plausible(place, now: now), at: now), now: now)
        }
    }

    /// What is known of the counters to which a failure will add.
    func before(_ subject: ThrottleSubject) -> [ThrottleKey: ThrottleCount] {
        Dictionary(failing(subject).map { ($0, known($0) ?? .zero) }) { first, _ in first }
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
        guard let mine = counts[subject.share] else { return }
        remove(subject.share)
        let key = ThrottleKey(.account, account: subject.account)
        guard var count = counts[key] else { return }
        count.forgottenAt = count.forgottenAt.adding(.milliseconds(-mine.level(at: now)))
        // The others' last failure was somewhen before; to believe it older than it was would let them off their wait.
        set(key, count, now: now)
    }

    /// Forgets what has become nothing.
    mutating func sweep(now: Int64) {
        for (key, count) in counts where count.level(at: now) == 0 { remove(key) }
    }
}

// MARK: What the store is to hear

extension ThrottleLedger {
    /// Forgets a counter.
    mutating func remove(_ key: ThrottleKey) {
        guard counts.removeValue(forKey: key) != nil else { return }
        sizes[key.kind, default: 1] -= 1
        if key.isShared { sharedCount -= 1 }
        // Of what it never had the store need not hear, however long it does not listen.
        if stored.contains(key) { changed.insert(key) } else { changed.remove(key) }
    }

    private mutating func set(_ key: ThrottleKey, _ count: ThrottleCount, now: Int64) {
        guard count.level(at: now) > 0 else { return remove(key) }
        put(key, count)
        changed.insert(key)
    }

    private mutating func put(_ key: ThrottleKey, _ count: ThrottleCount) {
        guard counts.updateValue(count, forKey: key) == nil else { return }
        sizes[key.kind, default: 0] += 1
        if key.isShared { sharedCount += 1 }
    }

    /// What has changed since the last call.
    mutating func takeChanges() -> Changes {
        let new = changed.subtracting(stored)
        stored.formUnion(new)
        defer { changed = [] }
        return Changes(counts: Dictionary(uniqueKeysWithValues: changed.map { ($0, counts[$0]) }), new: new)
    }

    /// Notes that changes which were taken have arrived.
    mutating func noteStored(_ changes: Changes) {
        for (key, count) in changes.counts where count == nil && counts[key] == nil { stored.remove(key) }
    }

    /// Notes that changes which were taken have not arrived.
    mutating func putBack(_ changes: Changes) {
        stored.subtract(changes.new)
        changed.formUnion(changes.counts.keys.filter { counts[$0] != nil || stored.contains($0) })
    }
}
