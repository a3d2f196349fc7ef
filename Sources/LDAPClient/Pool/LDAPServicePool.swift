internal import HostSystem
internal import Synchronization

/// A few connections to one server, bound as the service account and shared by all searches.
///
/// Searches of many tasks run at the same time on one connection; more are opened only when there is much to do.
/// A connection that is found closed before the server answered is replaced and the search is repeated once, which
/// changes nothing because searches change nothing. Whoever comes while a connection is being opened waits for that one
/// instead of opening another.
public final class LDAPServicePool: Sendable {
    /// How many connections there are and how long they live.
    public let configuration: LDAPPoolConfiguration

    private let identity: LDAPServiceIdentity
    private let ledger: Mutex<ServiceLedger>
    private let sweeper = Mutex<PoolSweeper?>(nil)
    private let now: @Sendable () -> ContinuousClock.Instant

    /// A pool that opens its first connection when it is first used.
    /// - Parameters:
    ///   - configuration: The server and the limits.
    ///   - identity: Who the connections are bound as.
    public convenience init(configuration: LDAPPoolConfiguration, identity: LDAPServiceIdentity) {
        self.init(configuration: configuration, identity: identity) { .now }
    }

    /// A pool whose connections age by a clock of the caller's.
    init(
        configuration: LDAPPoolConfiguration,
        identity: LDAPServiceIdentity,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.configuration = configuration
        self.identity = identity
        self.now = now
        ledger = Mutex(ServiceLedger(configuration))
    }

    /// How many connections are open or being opened.
    public var connectionCount: Int { ledger.withLock { $0.count } }

    /// Searches on the least busy connection.
    /// - Parameters:
    ///   - request: Where and for what.
    ///   - deadline: When to give up, opening a connection included.
    /// - Returns: What the server answered, refusals included.
    /// - Throws: ``LDAPError`` if there is no answer; ``LDAPError/Reason/serviceBindRefused`` with the server's code if
    ///   the service account was refused.
    public nonisolated(nonsending) func search(
        _ request: LDAPSearchRequest,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPSearchResult {
        do {
            return try await searchOnce(request, deadline)
        } catch {
            guard error.reason == .connectionLost else { throw error }
            return try await searchOnce(request, deadline)
        }
    }

    private nonisolated(nonsending) func searchOnce(
        _ request: LDAPSearchRequest,
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPSearchResult {
        let lease = try await acquire(deadline)
        defer { ledger.withLock { $0.takeBack(lease, at: now()) } }
        return try await lease.connection.search(request, deadline: deadline)
    }

    /// Lends the least busy connection, which others keep using; it must not be bound or closed.
    /// - Parameters:
    ///   - deadline: When to give up waiting for a connection.
    ///   - body: Uses the connection.
    /// - Returns: What `body` returns.
    /// - Throws: ``LDAPError`` if no connection can be had, or what `body` throws.
    public nonisolated(nonsending) func withConnection<Result: Sendable>(
        deadline: ContinuousClock.Instant,
        _ body: nonisolated(nonsending) (LDAPConnection) async throws(LDAPError) -> Result
    ) async throws(LDAPError) -> Result {
        let lease = try await acquire(deadline)
        defer { ledger.withLock { $0.takeBack(lease, at: now()) } }
        return try await body(lease.connection)
    }

    /// Closes every connection; what runs on them and later calls fail with ``LDAPError/Reason/closed``.
    public func close() async {
        let connections = ledger.withLock { $0.close() }
        sweeper.withLock { $0 = nil }
        for connection in connections { await connection.close() }
    }
}

extension LDAPServicePool {
    private nonisolated(nonsending) func acquire(
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> PooledConnection {
        while true {
            let (grant, mustOpen) = ledger.withLock { $0.request(at: now()) }
            if mustOpen { startOpening() }
            switch grant {
            case .closed:
                throw configuration.error(.closed, .localError)
            case .connection(let pooled):
                guard pooled.needsCheck(configuration, at: now()) else { return pooled }
                if await pooled.isAlive(configuration, deadline: deadline) { return pooled }
                ledger.withLock { $0.discard(pooled) }
                await pooled.connection.close()
            case nil:
                try await wait(deadline)
            }
        }
    }

    /// Waits until a connection has been opened, or until nobody is to be waited for any more.
    private nonisolated(nonsending) func wait(_ deadline: ContinuousClock.Instant) async throws(LDAPError) {
        let wait = ServiceLedger.Wait()
        let (grant, mustOpen) = ledger.withLock { $0.request(wait, at: now()) }
        if mustOpen { startOpening() }
        switch grant {
        case .closed: return
        case .connection(let pooled): return ledger.withLock { $0.takeBack(pooled, at: now()) }
        case nil: break
        }
        let result: Result<Void, LDAPError>
        do {
            result = try await wait.value(deadline: deadline, call: "lease")
        } catch {
            ledger.withLock { $0.withdraw(wait) }
            throw configuration.error(error)
        }
        try result.get()
    }

    /// Opens a connection for everybody who waits, so that it does not depend on the patience of the first.
    private func startOpening() {
        Task.detached { [self] in
            let result = await opened()
            let isWanted = ledger.withLock { $0.opened(result) }
            guard case .success(let pooled) = result else { return }
            if isWanted { startSweeping() } else { await pooled.connection.close() }
        }
    }

    private func opened() async -> Result<PooledConnection, LDAPError> {
        let deadline = ContinuousClock.now + configuration.connection.connectTimeout
        do throws(LDAPError) {
            let connection = try await LDAPConnection.open(configuration.connection, deadline: deadline)
            do throws(LDAPError) {
                try await bind(connection, deadline)
            } catch {
                await connection.close()
                throw error
            }
            return .success(PooledConnection(connection: connection, opened: now(), lastUsed: now()))
        } catch {
            return .failure(error)
        }
    }

    private func bind(
        _ connection: LDAPConnection,
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) {
        let outcome: LDAPBindOutcome
        switch identity {
        case .anonymous:
            return
        case .simple(let name, let password):
            outcome = try await connection.simpleBind(name: name, password: password, deadline: deadline)
        case .external:
            outcome = try await connection.bindExternal(deadline: deadline)
        }
        guard outcome.isSuccess else {
            throw connection.error(.serviceBindRefused, .bind, outcome.code, outcome.diagnostic)
        }
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
