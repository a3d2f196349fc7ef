public import HostSystem

/// How many connections a pool keeps and how long it keeps them.
public struct LDAPPoolConfiguration: Sendable {
    /// The server and how to reach it.
    public var connection: LDAPConnectionConfiguration

    /// Who finds the server's addresses.
    public var resolver: HostResolver

    /// The most connections that are open at once; a service pool has as many again for results of several pages.
    public var limit: Int

    /// After how much time without use a connection is closed; 5 minutes if not set.
    public var idleTimeout: Duration

    /// After how much time a connection is closed as soon as it is free; 1 hour if not set.
    public var lifetime: Duration

    /// After how much time without use a connection is asked for a sign of life before it is used; 30 seconds if not
    /// set.
    public var validateAfter: Duration

    /// Settings with the usual defaults.
    /// - Parameters:
    ///   - connection: The server.
    ///   - resolver: Who finds the server's addresses; the system's name servers if not set.
    ///   - limit: The most connections at once.
    ///   - idleTimeout: When an unused connection is closed.
    ///   - lifetime: When any connection is closed.
    ///   - validateAfter: When a connection is checked before use.
    public init(
        connection: LDAPConnectionConfiguration,
        resolver: HostResolver = .shared,
        limit: Int,
        idleTimeout: Duration = .seconds(300),
        lifetime: Duration = .seconds(3600),
        validateAfter: Duration = .seconds(30)
    ) {
        precondition(limit > 0, "a pool needs room for one connection at least")
        self.connection = connection
        self.resolver = resolver
        self.limit = limit
        self.idleTimeout = idleTimeout
        self.lifetime = lifetime
        self.validateAfter = validateAfter
    }
}
