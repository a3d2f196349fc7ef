/// A few connections to one server, bound as the service account and shared by all searches.
///
/// Searches of many tasks run at the same time on one connection; more are opened only when there is much to do.
/// A connection that is found closed before the server answered is replaced and the search is repeated once, which
/// changes nothing because searches change nothing. Whoever comes while a connection is being opened waits for that one
/// instead of opening another. A search that is late or cancelled is abandoned, and the connection stays with the others.
public final class LDAPServicePool: Sendable {
    /// How many connections there are and how long they live.
    public let configuration: LDAPPoolConfiguration

    private let shared: ConnectionPool
    /// For results of several pages: servers keep one place in one list for each connection (RFC 2696 leaves it open).
    private let paging: ConnectionPool

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
        let bind: ConnectionPool.Prepare = { connection, deadline throws(LDAPError) in
            try await connection.bind(as: identity, deadline: deadline)
        }
        shared = ConnectionPool(configuration, .shared, now: now, prepare: bind)
        paging = ConnectionPool(configuration, .exclusive, now: now, prepare: bind)
    }

    /// How many connections are open or being opened.
    public var connectionCount: Int { shared.count + paging.count }

    /// Searches on the least busy connection, or for more than one page on a connection of its own.
    ///
    /// Where a search that asks for pages has more than one, it begins again where no other search can move its place.
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
        if request.pageSize != nil {
            let whole = try await shared.lend(deadline: deadline) { connection throws(LDAPError) in
                try await connection.searchOnePage(request, deadline: deadline)
            }
            if let whole { return whole }
        }
        let pool = request.pageSize == nil ? shared : paging
        return try await pool.lend(deadline: deadline) { connection throws(LDAPError) in
            try await connection.search(request, deadline: deadline)
        }
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
        try await shared.lend(deadline: deadline, body)
    }

    /// Closes every connection; what runs on them and later calls fail with ``LDAPError/Reason/closed``.
    public func close() async {
        await shared.close()
        await paging.close()
    }
}

extension LDAPConnection {
    /// Binds as the service account.
    fileprivate func bind(
        as identity: LDAPServiceIdentity,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) {
        let outcome: LDAPBindOutcome
        switch identity {
        case .anonymous:
            return
        case .simple(let name, let password):
            outcome = try await simpleBind(name: name, password: password, deadline: deadline)
        case .external:
            outcome = try await bindExternal(deadline: deadline)
        }
        guard outcome.isSuccess else { throw error(.serviceBindRefused, .bind, outcome.code, outcome.diagnostic) }
    }
}
