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
        guard let (child, token) = try await keeper.beginChild(of: session.live, audience, client) else { return nil }
        var event = event(.hostSession, .success, session, client)
        event.sessionID = child.id
        event.detail = "\(audience), from session \(session.id)"
        trail.record(event)
        return token
    }

    /// Notes that somebody came to a protected host with a code that does not open it for them: one that was used, is too
    /// old, or belongs to another browser or host.
    /// - Parameters:
    ///   - audience: The host.
    ///   - session: Whose code it was, if that is known.
    ///   - client: Where the request comes from.
    package func reportForeignCode(at audience: String, of session: ResolvedSession?, client: SessionClient) {
        var event = event(.hostSession, .refused, session, client)
        event.reason = "foreign_code"
        event.detail = audience
        trail.record(event)
    }

    /// Notes that the access rules keep somebody who is logged in from what they ask for.
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - session: Who asks.
    ///   - reason: What the rules say.
    ///   - client: Where the request comes from.
    package func reportRefusal(
        of request: AccessRequest,
        to session: ResolvedSession,
        _ reason: String,
        client: SessionClient
    ) {
        var event = event(.access, .refused, session, client)
        event.reason = "forbidden"
        // What follows the path may be somebody's secret.
        let path = request.target.prefix { $0 != "?" }.prefix(512)
        event.detail = "\(request.method) \(request.host)\(path): \(reason)"
        trail.record(event)
    }

    private func event(
        _ kind: LoginEvent.Kind,
        _ outcome: LoginEvent.Outcome,
        _ session: ResolvedSession?,
        _ client: SessionClient
    ) -> LoginEvent {
        var event = LoginEvent(kind, outcome, at: keeper.now)
        event.userID = session?.userID
        event.name = session?.directoryUser.loginName
        event.sessionID = session?.id
        event.client = client
        return event
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
