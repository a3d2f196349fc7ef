internal import HostSystem
internal import LDAPClient
internal import Logging
internal import Metrics
internal import Synchronization

/// One server of a directory: its connections, and whether it is worth asking.
final class DirectoryServer: Sendable {
    /// The server as messages name it.
    let url: String
    /// Connections on which passwords are checked.
    let bindPool: LDAPBindPool
    /// How to reach it.
    let connection: LDAPConnectionConfiguration

    private struct State {
        var health: ServerHealth
        var service: LDAPServicePool?
        var generation = 0
        /// Pools of an older reading, on which searches may still be under way.
        var retired: [LDAPServicePool] = []
        /// Why the server is down, while it is.
        var outage: Outage?
        var probe: Task<Void, Never>?
        var isClosed = false
    }

    private let directory: String
    private let account: ServiceAccount
    private let pool: DirectoryConfiguration.Pool
    private let resolver: HostResolver
    private let probeLimit: Duration
    private let logger: Logger
    private let meters: ServerMeters
    private let state: Mutex<State>

    init(
        url: LDAPURL,
        configuration: DirectoryConfiguration,
        account: ServiceAccount,
        resolver: HostResolver,
        logger: Logger
    ) {
        self.url = url.description
        self.account = account
        self.resolver = resolver
        directory = configuration.name
        pool = configuration.pool
        connection = LDAPConnectionConfiguration(
            url: url,
            startTLS: configuration.startTLS,
            tls: LDAPTLSConfiguration(configuration.tls),
            connectTimeout: configuration.timeouts.connect
        )
        probeLimit = configuration.timeouts.connect + configuration.timeouts.operation
        var logger = logger
        logger[metadataKey: "directory"] = "\(configuration.name)"
        logger[metadataKey: "server"] = "\(url)"
        self.logger = logger
        meters = ServerMeters(directory: configuration.name, server: url.description)
        bindPool = LDAPBindPool(
            configuration: LDAPPoolConfiguration(
                connection: connection,
                resolver: resolver,
                limit: configuration.pool.userConnections,
                idleTimeout: configuration.pool.idle
            )
        )
        let pauses = ServerHealth.Pauses(
            first: configuration.failover.retryAfter,
            longest: configuration.failover.retryAtMost
        )
        state = Mutex(State(health: ServerHealth(pauses: pauses, now: .now)))
    }

    /// Whether logins should ask this server before all that are not up.
    var isUp: Bool { state.withLock { $0.health.isUp } }

    /// What the server is taken for.
    var health: ServerHealth.State { state.withLock { $0.health.state } }

    /// Why the server is not to be asked at all now, though no other is up: it refused our service account.
    ///
    /// Trying on would bind with a wrong password at every login, and lock the account.
    var standingRefusal: Outage? {
        state.withLock { state in
            guard !state.health.isUp, let outage = state.outage, outage.kind == .misconfigured else { return nil }
            return outage
        }
    }

    /// The connections for searches, bound as the service account of the latest reading.
    nonisolated(nonsending) func service() async throws(LDAPError) -> (pool: LDAPServicePool, generation: Int) {
        let reading: ServiceAccount.Reading
        do {
            reading = try await account.current()
        } catch {
            let detail = "the password of the service account cannot be read: \(error)"
            throw LDAPError(.misconfigured, step: .bind, code: .localError, server: url, diagnostic: detail)
        }
        let choice = state.withLock { state -> (current: LDAPServicePool, generation: Int, old: LDAPServicePool?)? in
            guard !state.isClosed else { return nil }
            if let service = state.service, state.generation >= reading.generation {
                return (service, state.generation, nil)
            }
            let fresh = servicePool(reading.identity)
            let old = state.service
            if let old { state.retired.append(old) }
            (state.service, state.generation) = (fresh, reading.generation)
            return (fresh, reading.generation, old)
        }
        guard let (current, generation, old) = choice else {
            throw LDAPError(.closed, step: .lease, code: .localError, server: url)
        }
        if let old { retire(old) }
        return (current, generation)
    }

    /// Binds as somebody on a connection that nobody else uses; what the server is taken for does not change by that.
    /// - Parameters:
    ///   - identity: Who to bind as.
    ///   - deadline: When to give up.
    /// - Throws: ``LDAPError`` if the server does not answer, or refuses.
    nonisolated(nonsending) func tryOut(
        _ identity: LDAPServiceIdentity,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) {
        let pool = servicePool(identity)
        do throws(LDAPError) {
            try await pool.withConnection(deadline: deadline) { (_) async throws(LDAPError) in }
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }

    private func servicePool(_ identity: LDAPServiceIdentity) -> LDAPServicePool {
        LDAPServicePool(
            configuration: LDAPPoolConfiguration(
                connection: connection,
                resolver: resolver,
                limit: pool.serviceConnections,
                idleTimeout: pool.idle
            ),
            identity: identity
        )
    }

    /// Closes a pool once everything that runs on it has had its time.
    private func retire(_ pool: LDAPServicePool) {
        Task { [weak self, probeLimit] in
            try? await Task.sleep(for: probeLimit)
            await pool.close()
            self?.state.withLock { $0.retired.removeAll { $0 === pool } }
        }
    }

    /// Takes notice of an answer.
    func answered(_ operation: ServerMeters.Operation, after duration: Duration) {
        meters.answered(operation, after: duration)
        perform(.answered, because: nil)
    }

    /// Takes notice of the lack of one.
    /// - Parameters:
    ///   - operation: What was asked.
    ///   - outage: Why there is none.
    ///   - isServersFault: Whether another question would fare no better, so that the server counts as down.
    func failed(_ operation: ServerMeters.Operation, because outage: Outage, isServersFault: Bool) {
        meters.failed(operation, outage.kind)
        // A server that is down has been reported; what logins try in vain meanwhile would only fill the log.
        logger.log(level: isUp ? .warning : .debug, "no answer", metadata: Self.metadata(outage))
        if isServersFault { perform(.failed, because: outage) }
    }

    /// Ends all that is held.
    nonisolated(nonsending) func close() async {
        let (pools, probe) = state.withLock { state in
            state.isClosed = true
            return (state.retired + [state.service].compactMap { $0 }, state.probe)
        }
        probe?.cancel()
        for pool in pools { await pool.close() }
        await bindPool.close()
        await probe?.value
    }

    private static func metadata(_ outage: Outage) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "step": "\(outage.step)", "kind": "\(outage.kind.rawValue)", "detail": "\(outage.detail)",
        ]
        if let code = outage.code { metadata["code"] = "\(code)" }
        return metadata
    }

    private func perform(_ event: ServerHealth.Event, because outage: Outage?) {
        let action = state.withLock { state -> ServerHealth.Action in
            let action = state.health.handle(event, now: .now)
            switch action {
            case .wentDown, .stillDown: state.outage = outage
            case .cameBack: state.outage = nil
            case .none, .probe: break
            }
            if case .wentDown(let retryAt) = action, !state.isClosed {
                state.probe = Task { [weak self] in
                    var next: ContinuousClock.Instant? = retryAt
                    while let at = next, (try? await Task.sleep(until: at, clock: .continuous)) != nil {
                        next = await self?.probe()
                    }
                }
            }
            return action
        }
        switch action {
        case .wentDown:
            meters.isUp(false)
            logger.error("server is down", metadata: outage.map(Self.metadata))
        case .cameBack:
            meters.isUp(true)
            logger.notice("server is back")
        case .none, .probe, .stillDown: break
        }
    }

    /// Looks in the background whether the server is back, so that no login has to find out.
    /// - Returns: When to look again, or nil if that is not needed.
    private nonisolated(nonsending) func probe() async -> ContinuousClock.Instant? {
        guard state.withLock({ $0.health.handle(.probeDue, now: .now) }) == .probe else { return nil }
        do throws(LDAPError) {
            try await look(deadline: .now + probeLimit)
            perform(.answered, because: nil)
            return nil
        } catch {
            let outage = Outage(error, source: directory)
            logger.debug("server is still down", metadata: Self.metadata(outage))
            let action = state.withLock { state in
                state.outage = outage
                return state.health.handle(.probeFailed, now: .now)
            }
            if case .stillDown(let retryAt) = action { return retryAt }
            return nil
        }
    }

    /// Goes the whole way on a connection of its own: connect, TLS, bind, and a first answer.
    private nonisolated(nonsending) func look(deadline: ContinuousClock.Instant) async throws(LDAPError) {
        _ = try? await account.reread()
        let (pool, _) = try await service()
        _ = try await pool.withConnection(deadline: deadline) { (connection) async throws(LDAPError) in
            try await connection.readRootDSE(deadline: deadline)
        }
    }
}
