extension LoginManager {
    /// Opens a session that hangs on another and is good for one audience only: a protected host behind a proxy.
    ///
    /// Whoever learns its token can be that person at that audience and nowhere else: under the name of another audience,
    /// or without one, it is no token at all. It ends with the session that it hangs on, counts as its use, and is not
    /// counted by `[session] max_per_user`.
    /// - Parameters:
    ///   - session: The session that it hangs on, as `resolve` has just given it.
    ///   - audience: What it is good for, such as a host's name in lower case.
    ///   - client: Where the request comes from.
    /// - Returns: The token, or nil if the session has ended or itself hangs on another.
    /// - Throws: `Outage` if the store did not take it.
    public func openChild(
        of session: ResolvedSession,
        for audience: String,
        client: SessionClient
    ) async throws(Outage) -> SessionToken? {
        try await keeper.beginChild(of: session.live, audience, client)
    }

    /// Tells whose a text is that a request came with in the place of a child session's token.
    /// - Parameters:
    ///   - text: The text as it came; nil if there was none.
    ///   - audience: What it must be good for.
    ///   - client: Where the request comes from.
    /// - Returns: The session, or nobody, or that nobody can say now.
    public func resolve(text: String?, audience: String, client: SessionClient) async -> Resolution {
        guard let text else { return .anonymous(.noToken) }
        guard let hash = SessionTokenHash(ofTokenText: text) else { return .anonymous(.malformedToken) }
        return await resolve(hash.bound(to: audience), client)
    }
}
