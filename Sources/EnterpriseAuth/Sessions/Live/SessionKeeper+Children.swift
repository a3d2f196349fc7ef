internal import Synchronization

extension SessionKeeper {
    /// How many sessions may hang on one: hosts that a person uses within one session, and some to spare.
    private static let childLimit = 100

    /// Begins a session that hangs on another.
    /// - Parameters:
    ///   - parent: The session that it hangs on.
    ///   - audience: What it is good for.
    ///   - client: Where the request comes from.
    /// - Returns: It and its token, once the store has it for good, or nil if the parent has ended or hangs on another
    ///   itself.
    /// - Throws: `Outage` if the store did not take it; then there is no session.
    func beginChild(
        of parent: LiveSession,
        _ audience: String,
        _ client: SessionClient
    ) async throws(Outage) -> (session: LiveSession, token: SessionToken)? {
        let token = SessionToken.random()
        guard let (child, ended, receipt) = enterChild(of: parent, token.hash.bound(to: audience), client) else {
            return nil
        }
        report(ended, by: client)
        do throws(Outage) {
            try await Self.wait(receipt)
        } catch {
            // It may have got there all the same: say that it has ended.
            report(end([child], .notStored).ended, by: client)
            throw error
        }
        return (child, token)
    }

    private func enterChild(
        of parent: LiveSession,
        _ tokenHash: SessionTokenHash,
        _ client: SessionClient
    ) -> (child: LiveSession, ended: [Ended], receipt: SessionJournal.Receipt?)? {
        registry.withLock { registry -> (LiveSession, [Ended], SessionJournal.Receipt?)? in
            guard parent.parent == nil, let current = registry.current(parent), !current.isEnded else { return nil }
            let origin = current.snapshot()
            let session = Session(
                id: SessionID(),
                tokenHash: tokenHash,
                identity: origin.identity,
                groups: origin.groups,
                isActive: origin.isActive,
                createdAt: now,
                authenticatedAt: origin.authenticatedAt,
                lastSeenAt: now,
                expiresAt: origin.expiresAt,
                lastVerdictAt: origin.lastVerdictAt,
                passwordVersion: origin.passwordVersion,
                client: client,
                flags: origin.flags,
                parent: origin.id
            )
            let child = bringIn(session, of: current.person, &registry)
            let ended = end(registry.surplusChildren(of: current, limit: Self.childLimit), .limit, &registry)
            return (child, ended, journal?.append(ended.changes + [.insert(session)]))
        }
    }

    /// Notes that a session was used; whoever uses one that hangs on another uses that one too.
    func noteUse(of session: LiveSession, at now: Int64) {
        if session.claimTouch() { table.touch(session) }
        guard let parent = session.parent else { return }
        let live = registry.withLock { $0.session(parent, of: session.person.userID) }
        if let live, live.see(at: now), live.claimTouch() { table.touch(live) }
    }
}
