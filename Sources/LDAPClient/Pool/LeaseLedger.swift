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
    /// Every connection there is, so that closing the pool reaches the lent ones too.
    private var all: [LDAPConnection] = []
    private var waiting: [OneShot<Grant>] = []
    private(set) var isClosed = false
    /// Connections that exist or are being opened.
    private(set) var count = 0

    init(_ configuration: LDAPPoolConfiguration) {
        self.configuration = configuration
    }

    /// Somebody wants a connection; nil means that they have to wait.
    mutating func request(at now: ContinuousClock.Instant) -> Grant? {
        if isClosed { return .closed }
        while let connection = idle.popLast() {
            if connection.isFit(configuration, at: now) { return .connection(connection) }
            forget(connection)
        }
        guard count < configuration.limit else { return nil }
        count += 1
        return .room
    }

    /// Somebody waits, and what comes is given to `wait`.
    ///
    /// If something has come meanwhile it is returned instead.
    mutating func request(_ wait: OneShot<Grant>, at now: ContinuousClock.Instant) -> Grant? {
        if let grant = request(at: now) { return grant }
        waiting.append(wait)
        return nil
    }

    /// Somebody has stopped waiting.
    mutating func withdraw(_ wait: OneShot<Grant>) {
        waiting.removeAll { $0 === wait }
    }

    /// Somebody with room has opened a connection; false if the pool was closed meanwhile.
    mutating func opened(_ connection: PooledConnection) -> Bool {
        if isClosed {
            count -= 1
            return false
        }
        all.append(connection.connection)
        return true
    }

    /// Somebody with room has no connection after all.
    mutating func gaveUp() {
        count -= 1
        passRoomOn()
    }

    /// A lent connection has turned out to be dead.
    mutating func discard(_ connection: PooledConnection) {
        forget(connection)
        passRoomOn()
    }

    /// A connection comes back.
    mutating func takeBack(_ connection: PooledConnection, at now: ContinuousClock.Instant) {
        var connection = connection
        connection.lastUsed = now
        guard !isClosed, connection.isFit(configuration, at: now) else { return discard(connection) }
        while !waiting.isEmpty {
            // Whoever does not take it has stopped waiting.
            if waiting.removeFirst().fill(.success(.connection(connection))) { return }
        }
        idle.append(connection)
    }

    /// Forgets idle connections that are too old.
    mutating func sweep(at now: ContinuousClock.Instant) {
        let retired = idle.filter { !$0.isFit(configuration, at: now) }
        idle.removeAll { connection in retired.contains { $0.connection === connection.connection } }
        for connection in retired { forget(connection) }
    }

    /// Ends everything; the connections are to be closed.
    mutating func close() -> [LDAPConnection] {
        isClosed = true
        let connections = all
        for connection in idle { forget(connection) }
        idle = []
        for wait in waiting { wait.fill(.success(.closed)) }
        waiting = []
        return connections
    }

    private mutating func forget(_ connection: PooledConnection) {
        all.removeAll { $0 === connection.connection }
        count -= 1
    }

    private mutating func passRoomOn() {
        while !isClosed, !waiting.isEmpty, count < configuration.limit {
            if waiting.removeFirst().fill(.success(.room)) { count += 1 }
        }
    }
}
