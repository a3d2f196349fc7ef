internal import HostSystem

/// A connection of a pool and its age.
struct PooledConnection: Sendable {
    let connection: LDAPConnection
    let opened: ContinuousClock.Instant
    var lastUsed: ContinuousClock.Instant

    /// Whether it may serve somebody at `now`, perhaps after a check.
    func isFit(
        _ configuration: LDAPPoolConfiguration,
        at now: ContinuousClock.Instant,
        isInUse: Bool = false
    ) -> Bool {
        connection.isUsable && now - opened < configuration.lifetime
            && (isInUse || now - lastUsed < configuration.idleTimeout)
    }

    /// Whether a sign of life is wanted first: it has been silent for long, or when an answer was due.
    func needsCheck(
        _ configuration: LDAPPoolConfiguration,
        at now: ContinuousClock.Instant,
        isInUse: Bool
    ) -> Bool {
        connection.isSuspect || (!isInUse && now - lastUsed >= configuration.validateAfter)
    }

    /// Asks the server for a sign of life; any answer at all will do.
    ///
    /// How long it has for that is the pool's business and nobody else's: whoever is in a hurry says nothing of the
    /// connection.
    func isAlive(_ configuration: LDAPPoolConfiguration) async -> Bool {
        let request = LDAPSearchRequest(base: "", scope: .base, attributes: ["1.1"])
        let deadline = ContinuousClock.now + configuration.connection.connectTimeout / 2
        return (try? await connection.search(request, deadline: deadline)) != nil
    }
}

/// Wakes a pool up from time to time, so that unused connections are closed without anybody asking for one.
final class PoolSweeper: Sendable {
    private let task: Task<Void, Never>

    /// Calls `sweep` until it returns false.
    init(every interval: Duration, _ sweep: @escaping @Sendable () -> Bool) {
        task = Task.detached {
            while (try? await Task.sleep(for: interval)) != nil, sweep() {}
        }
    }

    deinit {
        task.cancel()
    }
}

extension LDAPPoolConfiguration {
    /// Often enough that no limit is exceeded by more than a quarter, and not more often than each second.
    var sweepInterval: Duration {
        max(min(idleTimeout, lifetime) / 4, .seconds(1))
    }

    func error(_ reason: LDAPError.Reason, _ code: LDAPResultCode, _ diagnostic: String = "") -> LDAPError {
        LDAPError(
            reason,
            step: .lease,
            code: code,
            server: connection.url.description,
            diagnostic: diagnostic
        )
    }

    /// What the end of a wait for a connection means to the caller.
    func error(_ error: HostError, isCrowded: Bool) -> LDAPError {
        switch error.reason {
        case .timedOut where isCrowded:
            self.error(.timedOut, .timeout, "all \(limit) connections that this side keeps were in use")
        case .timedOut: self.error(.timedOut, .timeout, "no connection was ready in time")
        case .cancelled: self.error(.cancelled, .userCancelled)
        default: self.error(.unreachable, .connectError, error.description)
        }
    }
}
