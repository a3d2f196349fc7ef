internal import HostSystem

/// The connections of an ``LDAPServicePool`` and how busy they are, as a value: requests and events in, decisions out.
struct ServiceLedger {
    typealias Wait = OneShot<Result<Void, LDAPError>>

    /// What somebody who asks for a connection is given.
    enum Grant {
        case connection(PooledConnection)
        case closed
    }

    private struct Entry {
        var pooled: PooledConnection
        var load = 0
    }

    /// With more operations than this on the least busy connection, another one is opened if the limit allows.
    static let busyLoad = 8

    private let configuration: LDAPPoolConfiguration
    private var entries: [Entry] = []
    private var waiting: [Wait] = []
    private var isOpening = false
    private(set) var isClosed = false

    init(_ configuration: LDAPPoolConfiguration) {
        self.configuration = configuration
    }

    /// Connections that exist or are being opened.
    var count: Int { entries.count + (isOpening ? 1 : 0) }

    /// Somebody wants to use a connection; nil means that they have to wait.
    ///
    /// `mustOpen` means that the caller has to see to one more being opened.
    mutating func request(at now: ContinuousClock.Instant) -> (grant: Grant?, mustOpen: Bool) {
        if isClosed { return (.closed, false) }
        sweep(at: now)
        guard let index = entries.indices.min(by: { entries[$0].load < entries[$1].load }) else { return (nil, false) }
        entries[index].load += 1
        let mustOpen = entries[index].load > ServiceLedger.busyLoad && !isOpening && count < configuration.limit
        if mustOpen { isOpening = true }
        return (.connection(entries[index].pooled), mustOpen)
    }

    /// Somebody waits for a connection, and `wait` is told when to ask again.
    ///
    /// If there is one by now it is returned instead.
    mutating func request(_ wait: Wait, at now: ContinuousClock.Instant) -> (grant: Grant?, mustOpen: Bool) {
        let answer = request(at: now)
        guard answer.grant == nil else { return answer }
        waiting.append(wait)
        defer { isOpening = true }
        return (nil, !isOpening)
    }

    /// Somebody has stopped waiting.
    mutating func withdraw(_ wait: Wait) {
        waiting.removeAll { $0 === wait }
    }

    /// The opening has come to an end; false if the new connection is not wanted any more.
    mutating func opened(_ result: Result<PooledConnection, LDAPError>) -> Bool {
        isOpening = false
        if case .success(let pooled) = result, !isClosed { entries.append(Entry(pooled: pooled)) }
        for wait in waiting { wait.fill(.success(result.map { _ in })) }
        waiting = []
        return !isClosed
    }

    /// Somebody has finished with a connection.
    mutating func takeBack(_ pooled: PooledConnection, at now: ContinuousClock.Instant) {
        guard let index = index(of: pooled) else { return }
        entries[index].load -= 1
        entries[index].pooled.lastUsed = now
    }

    /// A connection has turned out to be dead.
    mutating func discard(_ pooled: PooledConnection) {
        if let index = index(of: pooled) { entries.remove(at: index) }
    }

    /// Takes out connections that nobody should use any more; those who use them at the moment keep them.
    mutating func sweep(at now: ContinuousClock.Instant) {
        guard !entries.allSatisfy({ isFit($0, at: now) }) else { return }
        entries = entries.filter { isFit($0, at: now) }
    }

    /// Ends everything; the connections are to be closed.
    mutating func close() -> [LDAPConnection] {
        defer {
            entries = []
            waiting = []
        }
        isClosed = true
        for wait in waiting { wait.fill(.success(.failure(configuration.error(.closed, .localError)))) }
        return entries.map(\.pooled.connection)
    }

    /// One in use has not been idle, however long ago its last operation ended.
    private func isFit(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        entry.pooled.isFit(configuration, at: now, isInUse: entry.load > 0)
    }

    private func index(of pooled: PooledConnection) -> Int? {
        entries.firstIndex { $0.pooled.connection === pooled.connection }
    }
}
