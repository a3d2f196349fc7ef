public import HostSystem

/// Connections to one server on which the passwords of people are checked, one person at a time.
///
/// A connection that was bound as somebody *is* that somebody, so these connections are never used for searches. They
/// stay open, TLS included, and are bound again for the next person. Who comes when all are in use waits in a queue.
public final class LDAPBindPool: Sendable {
    /// How many connections there are and how long they live.
    public let configuration: LDAPPoolConfiguration

    private let pool: ConnectionPool

    /// A pool that opens connections as they are needed.
    /// - Parameter configuration: The server and the limits.
    public convenience init(configuration: LDAPPoolConfiguration) {
        self.init(configuration: configuration) { .now }
    }

    /// A pool whose connections age by a clock of the caller's.
    init(configuration: LDAPPoolConfiguration, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.configuration = configuration
        pool = ConnectionPool(configuration, .exclusive, now: now)
    }

    /// How many connections are open or being opened.
    public var connectionCount: Int { pool.count }

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
    /// - Throws: ``LDAPError`` if there is no answer; ``LDAPError/waited`` tells how much of the time others took.
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
        try await pool.lend(deadline: deadline) { connection throws(LDAPError) in
            try await connection.simpleBind(
                name: name,
                password: password,
                passwordPolicy: passwordPolicy,
                deadline: deadline
            )
        }
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
        try await pool.lend(deadline: deadline, body)
    }

    /// Closes every connection, lent ones included; later calls fail with ``LDAPError/Reason/closed``.
    public func close() async {
        await pool.close()
    }
}
