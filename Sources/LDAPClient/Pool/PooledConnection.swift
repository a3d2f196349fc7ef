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
        connection.isUsable && !connection.isSuspect && now - opened < configuration.lifetime
            && (isInUse || now - lastUsed < configuration.idleTimeout)
    }

    /// Whether it has been silent for so long that a sign of life is wanted first.
    func needsCheck(_ configuration: LDAPPoolConfiguration, at now: ContinuousClock.Instant) -> Bool {
        now - lastUsed >= configuration.validateAfter
    }

    /// Asks the server for a sign of life; any answer at all will do.
    func isAlive(_ configuration: LDAPPoolConfiguration, deadline: ContinuousClock.Instant) async -> Bool {
        let request = LDAPSearchRequest(base: "", scope: .base, attributes: ["1.1"])
        let limit = min(deadline, .now + configuration.connection.connectTimeout / 2)
        return (try? await connection.search(request, deadline: limit)) != nil
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
    func error(_ error: HostError) -> LDAPError {
        switch error.reason {
        case .timedOut: self.error(.timedOut, .timeout, "no connection was free")
        case .cancelled: self.error(.cancelled, .userCancelled)
        default: self.error(.unreachable, .connectError, error.description)
        }
    }
}
