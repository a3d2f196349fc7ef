internal import HostSystem
internal import Synchronization

/// Connections to one server that are opened, lent, checked and replaced: what both kinds of pools have in common.
final class ConnectionPool: Sendable {
    /// Makes a new connection ready for use.
    typealias Prepare = @Sendable (LDAPConnection, ContinuousClock.Instant) async throws(LDAPError) -> Void

    private struct Chores {
        var lastID: UInt64 = 0
        var tasks: [UInt64: Task<Void, Never>] = [:]
        var isClosed = false
    }

    let configuration: LDAPPoolConfiguration

    private let prepare: Prepare
    private let ledger: Mutex<PoolLedger>
    private let chores = Mutex(Chores())
    private let sweeper = Mutex<PoolSweeper?>(nil)
    private let now: @Sendable () -> ContinuousClock.Instant

    /// A pool that opens its first connection when it is first used, and whose connections age by `now`.
    init(
        _ configuration: LDAPPoolConfiguration,
        _ sharing: PoolLedger.Sharing,
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        prepare: @escaping Prepare = { _, _ in }
    ) {
        self.configuration = configuration
        self.now = now
        self.prepare = prepare
        ledger = Mutex(PoolLedger(configuration, sharing))
    }

    /// How many connections are open or being opened.
    var count: Int { ledger.withLock { $0.count } }

    /// Lends a connection for as long as `body` runs.
    ///
    /// What `body` throws tells how long it was others who kept the connections, see ``LDAPError/waited``.
    nonisolated(nonsending) func lend<Result: Sendable>(
        deadline: ContinuousClock.Instant,
        _ body: nonisolated(nonsending) (LDAPConnection) async throws(LDAPError) -> Result
    ) async throws(LDAPError) -> Result {
        let (pooled, waited) = try await acquire(deadline)
        defer { change { $0.takeBack(pooled, at: now()) } }
        do {
            return try await body(pooled.connection)
        } catch {
            throw error.after(waiting: waited)
        }
    }

    /// Closes every connection, lent ones included, and ends what is being opened.
    func close() async {
        let connections = ledger.withLock { $0.close() }
        sweeper.withLock { $0 = nil }
        let tasks = chores.withLock { chores in
            chores.isClosed = true
            return Array(chores.tasks.values)
        }
        for task in tasks { task.cancel() }
        for connection in connections { await connection.close() }
        for task in tasks { await task.value }
    }
}

extension ConnectionPool {
    private nonisolated(nonsending) func acquire(
        _ deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> (PooledConnection, waited: Duration) {
        if let answer = change({ $0.request(at: now()) }) { return (try answer.get().pooled, .zero) }
        let begin = ContinuousClock.now
        let wait = PoolLedger.Wait()
        change { $0.request(wait, at: now()) }
        let answer: PoolLedger.Answer
        do {
            answer = try await wait.value(deadline: deadline, call: "lease")
        } catch {
            let isCrowded = change { $0.withdraw(wait) }
            let waited = isCrowded ? ContinuousClock.now - begin : .zero
            throw configuration.error(error, isCrowded: isCrowded).after(waiting: waited)
        }
        let grant = try answer.get()
        return (grant.pooled, grant.wasInUse ? ContinuousClock.now - begin : .zero)
    }

    /// Works on the ledger, then sees to what follows from it.
    private func change<Result: Sendable>(_ body: (inout PoolLedger) -> Result) -> Result {
        let (result, chores) = ledger.withLock { ledger in
            let result = body(&ledger)
            return (result, ledger.chores(at: now()))
        }
        for chore in chores { start(chore) }
        return result
    }

    private func start(_ chore: PoolLedger.Chore) {
        chores.withLock { chores in
            chores.lastID += 1
            let id = chores.lastID
            let task = Task.detached { [self] in
                await perform(chore)
                self.chores.withLock { $0.tasks[id] = nil }
            }
            chores.tasks[id] = task
            if chores.isClosed { task.cancel() }
        }
    }

    private func perform(_ chore: PoolLedger.Chore) async {
        switch chore {
        case .open:
            let result = await open()
            let isWanted = change { $0.opened(result, at: now()) }
            guard case .success(let pooled) = result else { return }
            if isWanted { startSweeping() } else { await pooled.connection.close() }
        case .check(let pooled):
            let isAlive = await pooled.isAlive(configuration)
            change { $0.checked(pooled, isAlive: isAlive, at: now()) }
        }
    }

    private func open() async -> Result<PooledConnection, LDAPError> {
        let deadline = ContinuousClock.now + configuration.connection.connectTimeout
        do throws(LDAPError) {
            let connection = try await LDAPConnection.open(
                configuration.connection,
                resolver: configuration.resolver,
                deadline: deadline
            )
            do throws(LDAPError) {
                try await prepare(connection, deadline)
            } catch {
                await connection.close()
                throw error
            }
            return .success(PooledConnection(connection: connection, opened: now(), lastUsed: now()))
        } catch {
            return .failure(error)
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
