extension LoginManager {
    /// Ends the session of a token: it is dead at once, and for good once this returns.
    /// - Parameters:
    ///   - token: The session's token; one that no session has is no error.
    ///   - client: Where the request comes from.
    /// - Returns: Whether there was a session.
    /// - Throws: `Outage` if the store could not be told; the session is dead for this process all the same.
    @discardableResult
    public func logout(_ token: SessionToken, client: SessionClient) async throws(Outage) -> Bool {
        guard let session = try await keeper.find(token.hash, from: client.address) else { return false }
        let (ended, receipt) = keeper.end([session], .logout)
        keeper.report(ended, by: client)
        try await SessionKeeper.wait(receipt)
        return !ended.isEmpty
    }

    /// Ends sessions: a person's own from a list of theirs, or anybody's by an operator.
    /// - Parameters:
    ///   - selection: Which sessions.
    ///   - kept: A session that is left alone: the one that the person is using.
    ///   - reason: Why, for the audit log.
    ///   - client: Where the request comes from.
    /// - Returns: How many ended. For `.all` those that were in memory are counted.
    /// - Throws: `Outage` if the store could not say which, or could not be told.
    @discardableResult
    public func end(
        _ selection: SessionSelection,
        except kept: SessionID? = nil,
        reason: SessionEndReason = .administrator,
        client: SessionClient
    ) async throws(Outage) -> Int {
        if case .all = selection, kept == nil {
            let ended = try await keeper.endAll(reason)
            var event = LoginEvent(.sessionEnd, .success, at: keeper.now, reason: reason.rawValue)
            event.detail = "all sessions of everybody"
            event.client = client
            trail.record(event)
            keeper.report(ended, by: client)
            return ended.loginCount
        }
        let (ended, receipt) = try await keeper.endSelection(selection, except: kept, reason)
        keeper.report(ended, by: client)
        try await SessionKeeper.wait(receipt)
        return ended.loginCount
    }

    /// Ends all sessions of a person.
    /// - Parameters:
    ///   - userID: Who.
    ///   - kept: A session that is left alone: the one that the person is using.
    ///   - client: Where the request comes from.
    /// - Returns: How many ended.
    /// - Throws: `Outage` if the store could not say which, or could not be told.
    @discardableResult
    public func logoutAll(
        _ userID: UserID,
        except kept: SessionID? = nil,
        client: SessionClient
    ) async throws(Outage) -> Int {
        try await end(.user(userID), except: kept, reason: .logout, client: client)
    }

    /// Lists live sessions.
    /// - Parameter selection: Which sessions.
    /// - Returns: The sessions, the one that began last first.
    /// - Throws: `Outage` if the store cannot say.
    public func sessions(_ selection: SessionSelection) async throws(Outage) -> [Session] {
        try await keeper.list(selection).sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }
    }

    /// Changes the small data that an application keeps with a session.
    /// - Parameters:
    ///   - session: The session.
    ///   - body: Changes the data; if nothing changes, nothing is written.
    /// - Throws: `SessionDataProblem` from `body`, or `Outage` if the store did not take it.
    public func changeData(
        of session: ResolvedSession,
        _ body: (inout SessionData) throws(SessionDataProblem) -> Void
    ) async throws {
        let receipt = try keeper.changeData(of: session.live, body)
        try await SessionKeeper.wait(receipt)
    }
}
