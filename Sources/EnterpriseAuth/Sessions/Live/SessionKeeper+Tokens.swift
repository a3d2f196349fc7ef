internal import Synchronization

extension SessionKeeper {
    /// Finds the session of a token in memory, be it the token of now or the one before.
    func inMemory(_ hash: SessionTokenHash, now: Int64) -> LiveSession? {
        guard var session = table.find(hash) else { return nil }
        // Another request may have renewed it a moment ago: then the table knows what took its place by now.
        if session.isEnded { session = table.find(hash) ?? session }
        guard let earlier = session.earlier else { return session }
        if session.tokenHash == hash {
            earlier.startEnding(at: now + SessionRules.tokenOverlap)
        } else if !earlier.isGood(at: now) {
            return nil
        }
        return session
    }

    /// Gives a session a new token at its time; the one that the request came with stays good until the new one comes back,
    /// and a little longer.
    ///
    /// Any other token of the session is dead at once. Nothing else of the session changes: neither its limits nor its
    /// freshness.
    /// - Parameters:
    ///   - old: The session.
    ///   - used: The hash of the token that the request came with.
    ///   - deadline: When to give up on the store.
    /// - Returns: The new token, once the store has it for good; nil if it is not time, somebody else is at it, or the
    ///   session has ended.
    /// - Throws: `Outage` if the store did not take it; then the tokens are as good as before.
    func renewToken(
        of old: LiveSession,
        used: SessionTokenHash,
        until deadline: ContinuousClock.Instant = .now + storeTimeout
    ) async throws(Outage) -> SessionToken? {
        let now = now.milliseconds
        guard rules.isTokenOld(old, now: now), used == old.tokenHash || used == old.earlier?.hash, !old.isEnded,
            old.beginRenewal()
        else { return nil }
        let token = SessionToken.random()
        _ = try await store(old, until: deadline) { $0.tokenHash = token.hash }
        let earlier = EarlierToken(used)
        return registry.withLock { registry in
            // As it is now: it may have been noted meanwhile that the client is another one.
            var session = old.snapshot()
            session.tokenHash = token.hash
            let new = successor(session, of: old.person, epoch: old.epoch, renewal: (now, earlier))
            return replace(old, with: new, &registry) ? token : nil
        }
    }

    /// The session that took the place of another when its token was replaced at its time.
    func heir(of session: LiveSession) -> LiveSession? {
        registry.withLock { registry in
            guard let heir = registry.current(session), let earlier = heir.earlier?.hash, heir !== session,
                earlier == session.tokenHash || earlier == session.earlier?.hash
            else { return nil }
            return heir
        }
    }

    /// Has the store know a session under its new token.
    /// - Parameters:
    ///   - old: The session.
    ///   - deadline: When to give up on the store.
    ///   - change: Makes of the session what it is to be; nothing comes between it and the store's other changes.
    /// - Returns: The session as the store has it.
    /// - Throws: `Outage` if it did not take it; then the session can be renewed another time.
    func store(
        _ old: LiveSession,
        until deadline: ContinuousClock.Instant,
        as change: (inout Session) -> Void
    ) async throws(Outage) -> Session {
        let (session, receipt) = registry.withLock { _ in
            var session = old.snapshot()
            change(&session)
            return (session, journal?.append([.replaceToken(session)]))
        }
        do throws(Outage) {
            try await Self.wait(receipt, until: deadline)
        } catch {
            // If it got there all the same, this puts the old token back.
            if !old.isEnded { registry.withLock { _ in _ = journal?.append([.replaceToken(old.snapshot())]) } }
            old.cancelRenewal()
            throw error
        }
        return session
    }

    /// Puts a session with its new token in the place of the old one.
    ///
    /// Whoever looks meanwhile finds one of the two: the table changes first.
    /// - Returns: False if the old one has ended meanwhile.
    func replace(_ old: LiveSession, with new: LiveSession, _ registry: inout SessionRegistry) -> Bool {
        guard !old.isEnded, registry.current(old) === old else { return false }
        new.adopt(old.data)
        table.insert(new)
        table.remove(old)
        return registry.replace(old, with: new)
    }
}
