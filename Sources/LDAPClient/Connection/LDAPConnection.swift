public import HostSystem

/// One connection to one directory server.
public actor LDAPConnection {
    /// The server.
    public nonisolated let configuration: LDAPConnectionConfiguration

    private init(configuration: LDAPConnectionConfiguration) {
        self.configuration = configuration
    }

    /// Whether the connection still works as far as is known without asking the server.
    public nonisolated var isUsable: Bool { false }

    /// Resolves, connects and sets up TLS, all before the deadline.
    /// - Parameters:
    ///   - configuration: Where to and how.
    ///   - deadline: When to give up.
    /// - Returns: A connection that is not bound yet.
    /// - Throws: ``LDAPError`` with the step that failed.
    public static func open(
        _ configuration: LDAPConnectionConfiguration,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPConnection {
        throw LDAPError(.closed, step: .connect, code: .localError, server: configuration.url.description)
    }

    /// Binds with a name and a password.
    ///
    /// An empty name or password and one with a NUL inside are refused here, before anything is sent.
    ///
    /// - Parameters:
    ///   - name: The name, usually a DN; Active Directory takes other forms too.
    ///   - password: The password; its bytes are lent to the C library for the call and not kept.
    ///   - passwordPolicy: Whether to ask for the state of the password.
    ///   - deadline: When to give up; the connection is then unusable, because a bind cannot be abandoned.
    /// - Returns: What the server answered.
    /// - Throws: ``LDAPError`` if there is no answer.
    public func simpleBind(
        name: String,
        password: SecretBytes,
        passwordPolicy: Bool = false,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPBindOutcome {
        throw LDAPError(.closed, step: .bind, code: .localError, server: configuration.url.description)
    }

    /// Binds as whoever the transport says we are: the client certificate, or the local user on `ldapi`.
    /// - Parameter deadline: When to give up.
    /// - Returns: What the server answered.
    /// - Throws: ``LDAPError`` if there is no answer.
    public func bindExternal(deadline: ContinuousClock.Instant) async throws(LDAPError) -> LDAPBindOutcome {
        throw LDAPError(.closed, step: .bind, code: .localError, server: configuration.url.description)
    }

    /// Searches.
    /// - Parameters:
    ///   - request: Where and for what.
    ///   - deadline: When to give up; the search is then abandoned.
    /// - Returns: What the server answered, refusals included.
    /// - Throws: ``LDAPError`` if there is no answer.
    public func search(
        _ request: LDAPSearchRequest,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPSearchResult {
        throw LDAPError(.closed, step: .search, code: .localError, server: configuration.url.description)
    }

    /// Asks the server who we are (RFC 4532).
    /// - Parameter deadline: When to give up.
    /// - Returns: The authorisation identity, for example `dn:uid=alice,…`; nil if the server does not say.
    /// - Throws: ``LDAPError`` if there is no answer.
    public func whoAmI(deadline: ContinuousClock.Instant) async throws(LDAPError) -> String? {
        throw LDAPError(.closed, step: .extended, code: .localError, server: configuration.url.description)
    }

    /// Reads the entry in which a server describes itself.
    /// - Parameter deadline: When to give up.
    /// - Returns: The entry; nil if the server hides it.
    /// - Throws: ``LDAPError`` if there is no answer.
    public func readRootDSE(deadline: ContinuousClock.Instant) async throws(LDAPError) -> LDAPEntry? {
        throw LDAPError(.closed, step: .search, code: .localError, server: configuration.url.description)
    }

    /// Ends the connection; everything still waiting on it fails with ``LDAPError/Reason/closed``.
    public func close() async {
    }
}
