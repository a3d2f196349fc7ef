/// A few connections to one server, bound as the service account and shared by all searches.
///
/// Searches of many tasks run at the same time on one connection. A connection that is found closed before the server
/// answered is replaced and the search is repeated once: a search changes nothing.
public final class LDAPServicePool: Sendable {
    /// How many connections there are and how long they live.
    public let configuration: LDAPPoolConfiguration

    /// A pool that opens its first connection when it is first used.
    /// - Parameters:
    ///   - configuration: The server and the limits.
    ///   - identity: Who the connections are bound as.
    public init(configuration: LDAPPoolConfiguration, identity: LDAPServiceIdentity) {
        self.configuration = configuration
    }

    /// Searches on the least busy connection.
    /// - Parameters:
    ///   - request: Where and for what.
    ///   - deadline: When to give up, opening a connection included.
    /// - Returns: What the server answered, refusals included.
    /// - Throws: ``LDAPError`` if there is no answer; ``LDAPError/Reason/serviceBindRefused`` with the server's code if
    ///   the service account was refused.
    public func search(
        _ request: LDAPSearchRequest,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPSearchResult {
        throw LDAPError(.closed, step: .search, code: .localError, server: configuration.connection.url.description)
    }

    /// Lends the least busy connection, which others keep using; it must not be bound or closed.
    /// - Parameters:
    ///   - deadline: When to give up waiting for a connection.
    ///   - body: Uses the connection.
    /// - Returns: What `body` returns.
    /// - Throws: ``LDAPError`` if no connection can be had, or what `body` throws.
    public func withConnection<Result: Sendable>(
        deadline: ContinuousClock.Instant,
        _ body: (LDAPConnection) async throws(LDAPError) -> Result
    ) async throws(LDAPError) -> Result {
        throw LDAPError(.closed, step: .lease, code: .localError, server: configuration.connection.url.description)
    }

    /// Closes every connection; later calls fail.
    public func close() async {
    }
}
