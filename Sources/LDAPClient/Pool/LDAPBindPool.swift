public import HostSystem

/// Connections to one server on which the passwords of people are checked, one person at a time.
///
/// A connection that was bound as somebody *is* that somebody, so these connections are never used for searches. They
/// stay open, TLS included, and are bound again for the next person.
public final class LDAPBindPool: Sendable {
    /// How many connections there are and how long they live.
    public let configuration: LDAPPoolConfiguration

    /// A pool that opens connections as they are needed.
    /// - Parameter configuration: The server and the limits.
    public init(configuration: LDAPPoolConfiguration) {
        self.configuration = configuration
    }

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
    public func bind(
        name: String,
        password: SecretBytes,
        passwordPolicy: Bool = true,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPBindOutcome {
        throw LDAPError(.closed, step: .bind, code: .localError, server: configuration.connection.url.description)
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
    public func withLease<Result: Sendable>(
        deadline: ContinuousClock.Instant,
        _ body: (LDAPConnection) async throws(LDAPError) -> Result
    ) async throws(LDAPError) -> Result {
        throw LDAPError(.closed, step: .lease, code: .localError, server: configuration.connection.url.description)
    }

    /// Closes every connection; later calls fail.
    public func close() async {
    }
}
