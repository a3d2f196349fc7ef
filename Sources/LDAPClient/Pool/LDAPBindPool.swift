public import HostSystem
internal import Synchronization

/// Connections to one server on which the passwords of people are checked, one person at a time.
///
/// A connection that was bound as somebody *is* that somebody, so these connections are never used for searches. They
/// stay open, TLS included, and are bound again for the next person. Who comes when all are in use waits in a queue.
public final class LDAPBindPool: Sendable {
    /// How many connections there are and how long they live.
    public let configuration: LDAPPoolConfiguration

    private let ledger: Mutex<LeaseLedger>
    private let sweeper = Mutex<PoolSweeper?>(nil)
    private let now: @Sendable () -> ContinuousClock.Instant

    /// A pool that opens connections as they are needed.
    /// - Parameter configuration: The server and the limits.
    public convenience init(configuration: LDAPPoolConfiguration) {
        self.init(configuration: configuration) { .now }
    }

    /// A pool whose connections age by a clock of the caller's.
    init(configuration: LDAPPoolConfiguration, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.configuration = configuration
        self.now = now
        ledger = Mutex(LeaseLedger(configuration))
    }

    /// How many connections are open or being opened.
    public var connectionCount: Int { ledger.withLock { $0.count } }

    /// Checks a password with a simple bind on a connection of its own.
    ///
    /// The bind is repeated on a new connection once, and only if it certainly never reached the server. When it was
    /// sent and not answered, it is not repeated: the server may have counted it.
    ///
    /// - Parameters:
    ///   - name: The name, usually a DN.
    ///   - password: The password.
    ///   - passwordPolicy: Whether to ask for the state of the password.
    ///   - deadline: When to give up, waiting for a connection and opening one included.
    /// - Returns: What the server answered.
    /// - Throws: ``LDAPError`` if there is no answer.
    public nonisolated(nonsending) func bind(
        name: String,
        password: SecretBytes,
        passwordPolicy: Bool = true,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPBindOutcome {
        do {
            return try await bindOnce(name, password, passwordPolicy, deadline)
        } catch {
            guard error.reason == .connectionLost, !error.requestMayHaveBeenSent else { throw error }
            return try await bindOnce(name, password, passwordPolicy, deadline)
        }
    }

    private nonisolated(nonsending) func bindOnce(
        _ name: String,
        _ password: SecretBytes,
        _ passwordPolicy: Bool,
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPBindOutcome {
        let lease = try await acquire(deadline)
        defer { ledger.withLock { $0.takeBack(lease, at: now()) } }
        return try await lease.connection.simpleBind(
            name: name,
            password: password,
            passwordPolicy: passwordPolicy,
            deadline: deadline
        )
    }

    /// Lends a connection that nobody else uses meanwhile.
    ///
    /// Its authentication state is whatever the one before left; bind first.
    ///
    /// - Parameters:
    ///   - deadline: When to give up waiting for a connection.
    ///   - body: Uses the connection.
    /// - Returns: What `body` returns.
    /// - Throws: ``LDAPError`` if no connection can be had, or what `body` throws.
    public nonisolated(nonsending) func withLease<Result: Sendable>(
        deadline: ContinuousClock.Instant,
        _ body: nonisolated(nonsending) (LDAPConnection) async throws(LDAPError) -> Result
    ) async throws(LDAPError) -> Result {
        let lease = try await acquire(deadline)
        defer { ledger.withLock { $0.takeBack(lease, at: now()) } }
        return try await body(lease.connection)
    }

    /// Closes every connection, lent ones included; later calls fail with ``LDAPError/Reason/closed``.
    public func close() async {
        let connections = ledger.withLock { $0.close() }
        sweeper.withLock { $0 = nil }
        for connection in connections { await connection.close() }
    }
}

extension LDAPBindPool {
    private nonisolated(nonsending) func acquire(
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> PooledConnection {
        while true {
            let given = ledger.withLock { $0.request(at: now()) }
            let grant: LeaseLedger.Grant
            if let given { grant = given } else { grant = try await wait(deadline) }
            switch grant {
            case .closed:
                throw configuration.error(.closed, .localError)
            case .room:
                return try await open(deadline)
            case .connection(let connection):
                guard connection.needsCheck(configuration, at: now()) else { return connection }
                if await connection.isAlive(configuration, deadline: deadline) { return connection }
                await connection.connection.close()
                ledger.withLock { $0.discard(connection) }
            }
        }
    }

    private nonisolated(nonsending) func wait(
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LeaseLedger.Grant {
        let wait = OneShot<LeaseLedger.Grant>()
        if let grant = ledger.withLock({ $0.request(wait, at: now()) }) { return grant }
        do {
            return try await wait.value(deadline: deadline, call: "lease")
        } catch {
            ledger.withLock { $0.withdraw(wait) }
            throw configuration.error(error)
        }
    }

    private nonisolated(nonsending) func open(
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> PooledConnection {
        let connection: LDAPConnection
        do {
            connection = try await LDAPConnection.open(configuration.connection, deadline: deadline)
        } catch {
            ledger.withLock { $0.gaveUp() }
            throw error
        }
        let pooled = PooledConnection(connection: connection, opened: now(), lastUsed: now())
        guard ledger.withLock({ $0.opened(pooled) }) else {
            await connection.close()
            throw configuration.error(.closed, .localError)
        }
        startSweeping()
        return pooled
    }

    private func startSweeping() {
        sweeper.withLock { sweeper in
            guard sweeper == nil else { return }
            sweeper = PoolSweeper(every: configuration.sweepInterval) { [weak self] in
                guard let self else { return false }
                ledger.withLock { $0.sweep(at: now()) }
                return true
            }
        }
    }
}
