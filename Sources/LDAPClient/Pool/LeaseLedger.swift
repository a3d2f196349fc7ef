internal import HostSystem

/// Who has which connection of an ``LDAPBindPool``, as a value: requests and events in, decisions out.
struct LeaseLedger {
    /// What somebody who asks for a connection is given.
    enum Grant: Sendable {
        case connection(PooledConnection)
        /// Leave to open one.
        case room
        case closed
    }

    private let configuration: LDAPPoolConfiguration
    /// The one that was used last is last, so that the others can grow old and be closed.
    private var idle: [PooledConnection] = []
    private var lent: [ObjectIdentifier: LDAPConnection] = [:]
    private var waiting: [OneShot<Grant>] = []
    private(set) var isClosed = false
    /// Connections that exist or are being opened.
    private(set) var count = 0

    init(_ configuration: LDAPPoolConfiguration) {
        self.configuration = configuration
    }

    /// Somebody wants a connection.
    ///
    /// Nil means that `wait` will bring the grant; `retired` are to be dropped.
    mutating func request(
        _ wait: OneShot<Grant>,
        at now: ContinuousClock.Instant
    ) -> (grant: Grant?, retired: [PooledConnection]) {
        if isClosed { return (.closed, []) }
        var retired: [PooledConnection] = []
        while let connection = idle.popLast() {
            if connection.isFit(configuration, at: now) {
                lend(connection)
                return (.connection(connection), retired)
            }
            retired.append(connection)
            count -= 1
        }
        if count < configuration.limit {
            count += 1
            return (.room, retired)
        }
        waiting.append(wait)
        return (nil, retired)
    }

    /// Somebody has stopped waiting.
    mutating func withdraw(_ wait: OneShot<Grant>) {
        waiting.removeAll { $0 === wait }
    }

    /// Somebody with room has opened a connection; false if the pool was closed meanwhile.
    mutating func opened(_ connection: PooledConnection) -> Bool {
        if isClosed { return false }
        lend(connection)
        return true
    }

    /// Somebody with room has no connection after all, or has dropped the one they had.
    mutating func gaveUp(_ connection: PooledConnection? = nil) {
        if let connection { lent[ObjectIdentifier(connection.connection)] = nil }
        count -= 1
        passRoomOn()
    }

    /// A connection comes back; true if it is to be dropped.
    mutating func takeBack(_ connection: PooledConnection, at now: ContinuousClock.Instant) -> Bool {
        var connection = connection
        connection.lastUsed = now
        guard !isClosed, connection.isFit(configuration, at: now) else {
            gaveUp(connection)
            return true
        }
        while !waiting.isEmpty {
            // Whoever does not take it has stopped waiting.
            if waiting.removeFirst().fill(.success(.connection(connection))) { return false }
        }
        lent[ObjectIdentifier(connection.connection)] = nil
        idle.append(connection)
        return false
    }

    /// Takes out idle connections that are too old; the oldest are first.
    mutating func sweep(at now: ContinuousClock.Instant) -> [PooledConnection] {
        let retired = idle.filter { !$0.isFit(configuration, at: now) }
        idle.removeAll { !$0.isFit(configuration, at: now) }
        count -= retired.count
        return retired
    }

    /// Ends everything; the connections are to be closed.
    mutating func close() -> [LDAPConnection] {
        defer {
            count -= idle.count
            idle = []
            waiting = []
        }
        isClosed = true
        for wait in waiting { wait.fill(.success(.closed)) }
        return idle.map(\.connection) + Array(lent.values)
    }

    private mutating func lend(_ connection: PooledConnection) {
        lent[ObjectIdentifier(connection.connection)] = connection.connection
    }

    private mutating func passRoomOn() {
        while !isClosed, !waiting.isEmpty, count < configuration.limit {
            if waiting.removeFirst().fill(.success(.room)) { count += 1 }
        }
    }
}
