internal import HostSystem

/// The connections of a ``ConnectionPool``, who has them and who waits, as a value: events in, decisions out.
///
/// Nobody who waits is taken for the connection: opening and asking for a sign of life are chores of the pool, which go
/// on whoever is cancelled or late meanwhile.
struct PoolLedger {
    /// How many may use one connection at the same time.
    enum Sharing: Sendable {
        /// One, who may do with it whatever they like.
        case exclusive
        /// Everybody.
        case shared
    }

    /// A connection for somebody.
    struct Grant: Sendable {
        let pooled: PooledConnection
        /// Whether they had to wait for somebody else to finish with it.
        var wasInUse = false
    }

    typealias Answer = Result<Grant, LDAPError>
    typealias Wait = OneShot<Answer>

    /// What the pool has to do, outside of its lock.
    enum Chore: Sendable {
        case open
        /// Ask for a sign of life.
        case check(PooledConnection)
    }

    private struct Entry {
        var pooled: PooledConnection
        var load = 0
        var isChecking = false
        /// Whether there was a reason for the check, so that nobody should wait for its end only.
        var isDoubtful = false
    }

    /// With more operations than this on the least busy shared connection, another one is opened if the limit allows.
    static let busyLoad = 8
    /// How long no further one is tried after one could not be opened, unless somebody waits for it.
    static let crowdedPause: Duration = .seconds(30)

    private let configuration: LDAPPoolConfiguration
    private let sharing: Sharing
    private var entries: [Entry] = []
    private var waiting: [Wait] = []
    /// Those who had stopped waiting when somebody gave back what they waited for; they withdraw in a moment.
    private var late: [Wait] = []
    private var openings = 0
    /// When another connection may be tried only because there is much to do.
    private var crowdedNotBefore: ContinuousClock.Instant?
    private(set) var isClosed = false

    init(_ configuration: LDAPPoolConfiguration, _ sharing: Sharing) {
        self.configuration = configuration
        self.sharing = sharing
    }

    /// Connections that exist or are being opened.
    var count: Int { entries.count + openings }

    private var checks: Int { entries.count { $0.isChecking } }

    /// Those whose end is worth waiting for.
    private var soundChecks: Int { entries.count { $0.isChecking && !$0.isDoubtful } }

    /// Somebody wants a connection; nil means that they have to wait.
    mutating func request(at now: ContinuousClock.Instant) -> Answer? {
        if isClosed { return .failure(configuration.error(.closed, .localError)) }
        guard waiting.isEmpty, let index = freeIndex(at: now) else {
            // Makes room for others.
            sweep(at: now)
            return nil
        }
        entries[index].load += 1
        return .success(Grant(pooled: entries[index].pooled))
    }

    /// Somebody waits, and what comes is given to `wait`.
    mutating func request(_ wait: Wait, at now: ContinuousClock.Instant) {
        if isClosed {
            wait.fill(.success(.failure(configuration.error(.closed, .localError))))
        } else {
            waiting.append(wait)
            serve(at: now)
        }
    }

    /// Somebody has stopped waiting; true if it was others who kept the connections, and not the server.
    mutating func withdraw(_ wait: Wait) -> Bool {
        if let index = late.firstIndex(where: { $0 === wait }) {
            late.remove(at: index)
            return sharing == .exclusive
        }
        guard let index = waiting.firstIndex(where: { $0 === wait }) else { return false }
        waiting.remove(at: index)
        return sharing == .exclusive && index >= openings + checks
    }

    /// An opening has come to an end; false if the new connection is not wanted any more.
    mutating func opened(_ result: Result<PooledConnection, LDAPError>, at now: ContinuousClock.Instant) -> Bool {
        openings -= 1
        switch result {
        case .success(let pooled):
            guard !isClosed else { return false }
            entries.append(Entry(pooled: pooled))
            serve(at: now)
        case .failure(let error):
            // Nobody need have waited for it: without a pause a refusal would be followed by the next attempt at once.
            crowdedNotBefore = now + Self.crowdedPause
            // Shared, it was meant for everybody; else for one, unless they have been given another meanwhile.
            var unlucky = sharing == .shared ? waiting.count : max(0, min(1, waiting.count - openings - soundChecks))
            while unlucky > 0, !waiting.isEmpty {
                if waiting.removeFirst().fill(.success(.failure(error))) { unlucky -= 1 }
            }
        }
        return true
    }

    /// A connection has given a sign of life, or has not; then it is not lent again.
    mutating func checked(_ pooled: PooledConnection, isAlive: Bool, at now: ContinuousClock.Instant) {
        guard let index = index(of: pooled) else { return }
        (entries[index].isChecking, entries[index].isDoubtful) = (false, false)
        if isAlive { entries[index].pooled.lastUsed = now } else { entries.remove(at: index) }
        serve(at: now)
    }

    /// Somebody has finished with a connection.
    mutating func takeBack(_ pooled: PooledConnection, at now: ContinuousClock.Instant) {
        guard let index = index(of: pooled) else { return }
        entries[index].load -= 1
        entries[index].pooled.lastUsed = now
        if !isKept(entries[index], at: now) { entries.remove(at: index) }
        serve(at: now, wasInUse: true)
    }

    /// Takes out connections that nobody should use any more; whoever uses one at the moment keeps it.
    mutating func sweep(at now: ContinuousClock.Instant) {
        guard !entries.allSatisfy({ isKept($0, at: now) }) else { return }
        entries = entries.filter { isKept($0, at: now) }
    }

    /// Ends everything; the connections are to be closed.
    mutating func close() -> [LDAPConnection] {
        isClosed = true
        for wait in waiting { wait.fill(.success(.failure(configuration.error(.closed, .localError)))) }
        defer { (entries, waiting) = ([], []) }
        return entries.map(\.pooled.connection)
    }

    /// What is to be done for those who wait; each chore is told once.
    mutating func chores(at now: ContinuousClock.Instant) -> [Chore] {
        guard !isClosed else { return [] }
        guard !waiting.isEmpty else {
            return isCrowded(at: now) ? relief(at: now) : []
        }
        var chores: [Chore] = []
        let wanted = sharing == .shared ? 1 : waiting.count
        var missing = wanted - openings - soundChecks
        for index in entries.indices where missing > 0 && isToBeChecked(entries[index], at: now) {
            entries[index].isChecking = true
            entries[index].isDoubtful = entries[index].pooled.connection.isSuspect
            if !entries[index].isDoubtful { missing -= 1 }
            chores.append(.check(entries[index].pooled))
        }
        while missing > 0, count < configuration.limit {
            (openings, missing) = (openings + 1, missing - 1)
            chores.append(.open)
        }
        return chores
    }
}

extension PoolLedger {
    private mutating func serve(at now: ContinuousClock.Instant, wasInUse: Bool = false) {
        while !waiting.isEmpty, let index = freeIndex(at: now) {
            let wait = waiting.removeFirst()
            let grant = Grant(pooled: entries[index].pooled, wasInUse: wasInUse)
            if wait.fill(.success(.success(grant))) {
                entries[index].load += 1
            } else if wasInUse {
                late.append(wait)
            }
        }
    }

    /// The least busy connection that needs no check, the first of several so that the others can grow old.
    private func freeIndex(at now: ContinuousClock.Instant) -> Int? {
        var best: (index: Int, load: Int)?
        for index in entries.indices where isFree(entries[index], at: now) {
            let load = entries[index].load
            if load == 0 { return index }
            if load < best?.load ?? .max { best = (index, load) }
        }
        return best?.index
    }

    private func isFree(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        !entry.isChecking && isFit(entry, at: now) && !needsCheck(entry, at: now)
            && (sharing == .shared || entry.load == 0)
    }

    private func isToBeChecked(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        !entry.isChecking && isFit(entry, at: now) && needsCheck(entry, at: now)
            && (sharing == .shared || entry.load == 0)
    }

    /// One in use has not been idle, however long ago its last operation ended.
    private func isFit(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        entry.pooled.isFit(configuration, at: now, isInUse: entry.load > 0)
    }

    private func needsCheck(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        entry.pooled.needsCheck(configuration, at: now, isInUse: entry.load > 0)
    }

    /// One that is lent to one person counts until it is back.
    private func isKept(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        isFit(entry, at: now) || (sharing == .exclusive && entry.load > 0)
    }

    /// Whether there is much to do on every connection that can be used; one that is silent or dead is of no help.
    private func isCrowded(at now: ContinuousClock.Instant) -> Bool {
        sharing == .shared && !entries.isEmpty && openings == 0
            && entries.allSatisfy { !$0.isChecking && ($0.load > Self.busyLoad || !isFree($0, at: now)) }
    }

    /// What helps a crowd: an idle connection that may still be good, or else another one.
    private mutating func relief(at now: ContinuousClock.Instant) -> [Chore] {
        sweep(at: now)
        if let index = entries.firstIndex(where: { $0.load <= Self.busyLoad && isToBeChecked($0, at: now) }) {
            entries[index].isChecking = true
            entries[index].isDoubtful = entries[index].pooled.connection.isSuspect
            return [.check(entries[index].pooled)]
        }
        guard count < configuration.limit, now >= crowdedNotBefore ?? now else { return [] }
        openings = 1
        return [.open]
    }

    private func index(of pooled: PooledConnection) -> Int? {
        entries.firstIndex { $0.pooled.connection === pooled.connection }
    }
}
