internal import Logging
internal import Synchronization

/// Keeps live sessions in memory and the store in step with them.
///
/// Memory decides and the store remembers. Locks are taken in one order: the registry's, then a shard's of the table,
/// then the journal's; none is held across an `await`.
final class SessionKeeper: Sendable {
    /// How long the store may take before the answer is *unavailable*, where no login's deadline says otherwise.
    static let storeTimeout: Duration = .seconds(10)

    let table = SessionTable()
    private let limits: Mutex<(rules: SessionRules, remember: RememberRules)>
    let turns = SeriesTurns()
    let clock: any WallClock
    let trail: AuditTrail
    let store: (any SessionStore)?
    let journal: SessionJournal?
    let registry = Mutex(SessionRegistry())
    /// Remembered logins that ended because somebody had a copy.
    let stolen = Mutex(StolenSeries())
    /// Sources that have not answered about live sessions of late.
    let silentSources = Mutex<Set<String>>([])
    let strings = StringPool()
    private let lookups = Mutex(TokenLookups())

    /// Without a store sessions are kept in memory only.
    init(
        store: (any SessionStore)?,
        rules: SessionRules,
        remember: RememberRules,
        clock: any WallClock,
        trail: AuditTrail,
        logger: Logger
    ) {
        self.store = store
        limits = Mutex((rules, remember))
        self.clock = clock
        self.trail = trail
        journal = store.map { SessionJournal(store: $0, logger: logger) }
    }

    var rules: SessionRules { limits.withLock { $0.rules } }

    var remember: RememberRules { limits.withLock { $0.remember } }

    /// Goes by other limits from now on.
    func adopt(_ rules: SessionRules, _ remember: RememberRules) {
        limits.withLock { $0 = (rules, remember) }
    }

    var now: Timestamp { Timestamp(milliseconds: clock.nowMilliseconds) }

    /// Finds the session of a token, in memory or, the first time after a start, in the store.
    /// - Parameters:
    ///   - hash: The token's hash.
    ///   - address: Where the request comes from.
    ///   - deadline: When to give up on the store.
    /// - Returns: The session, or nil if there is none.
    /// - Throws: `Outage` if the store cannot say.
    nonisolated(nonsending) func find(
        _ hash: SessionTokenHash,
        from address: String?,
        until deadline: ContinuousClock.Instant = .now + storeTimeout
    ) async throws(Outage) -> LiveSession? {
        if let session = inMemory(hash, now: now.milliseconds) { return session }
        guard let store, let journal, !table.isKnownToBeUnknown(hash) else { return nil }
        try await lookUpOnce(hash, from: address, until: deadline) { await self.lookUp(hash, store, journal) }
        return inMemory(hash, now: now.milliseconds)
    }

    /// Looks something up in the store, once however many want to know, and waits for that no longer than until the
    /// deadline.
    nonisolated(nonsending) func lookUpOnce(
        _ hash: SessionTokenHash,
        from address: String?,
        until deadline: ContinuousClock.Instant,
        _ lookUp: @escaping @Sendable () async -> Result<Void, Outage>
    ) async throws(Outage) {
        let (flight, isNew) = try lookups.withLock { lookups throws(Outage) in try lookups.join(hash, from: address) }
        if isNew {
            Task {
                let result = await lookUp()
                self.lookups.withLock { $0.leave(hash) }
                flight.fulfil(result)
            }
        }
        try await Self.wait(flight, until: deadline)
    }

    private func lookUp(
        _ hash: SessionTokenHash,
        _ store: any SessionStore,
        _ journal: SessionJournal
    ) async -> Result<Void, Outage> {
        // The store must have heard of every session that ended before this look, or a dead one would come back.
        _ = await journal.barrier().value(until: .now + Self.storeTimeout)
        do throws(SessionStoreError) {
            guard let session = try await store.session(withTokenHash: hash) else {
                table.rememberUnknown(hash)
                return .success(())
            }
            do throws(Outage) {
                try await load(session.identity.userID)
            } catch {
                return .failure(error)
            }
        } catch {
            return .failure(error.outage)
        }
        return .success(())
    }

    /// Brings all sessions of a person into memory, unless they are there.
    /// - Throws: `Outage` if the store cannot say.
    nonisolated(nonsending) func load(
        _ userID: UserID,
        until deadline: ContinuousClock.Instant = .now + storeTimeout
    ) async throws(Outage) {
        guard let store, let journal else { return }
        guard let (flight, isNew) = registry.withLock({ $0.joinLoad(userID) }) else { return }
        if isNew {
            Task { flight.fulfil(await self.read(userID, store, journal)) }
        }
        try await Self.wait(flight, until: deadline)
    }

    private func read(
        _ userID: UserID,
        _ store: any SessionStore,
        _ journal: SessionJournal
    ) async -> Result<Void, Outage> {
        let end = ContinuousClock.now + Self.storeTimeout
        var outage: Outage?
        while outage == nil {
            // What ended before is on its way to the store: read after it has arrived.
            guard await journal.barrier().value(until: end) != nil else {
                outage = Self.storeTimedOut
                break
            }
            do throws(SessionStoreError) {
                let sessions = try await store.sessions(.user(userID)).filter { !journal.hasUndoneEnd($0.id) }
                let series = try await store.series(.user(userID)).filter { !journal.hasUndoneEnd($0.id) }
                let read = SessionRegistry.Stored(sessions: sessions, series: series)
                if bringIn(read, of: userID) { return .success(()) }
            } catch {
                outage = error.outage
            }
        }
        registry.withLock { _ = $0.endLoad(userID) }
        return .failure(outage ?? Self.storeTimedOut)
    }

    /// Brings in what the store had of one person, but for what is over or has ended meanwhile.
    /// - Returns: False if it must be read again, because somebody ends all sessions.
    private func bringIn(_ read: SessionRegistry.Stored, of userID: UserID) -> Bool {
        let now = now
        let live = SessionRegistry.Stored(
            sessions: read.sessions.filter { rules.endReason(of: $0, now: now.milliseconds) == nil },
            series: read.series.filter { !remember.isOver($0, now: now) }
        )
        return registry.withLock { registry in
            guard !registry.mustReload(userID) else { return false }
            let new = registry.endLoad(userID, read: live)
            let sessions = dropOrphans(new.sessions, of: userID, registry)
            guard let (user, verdictAt) = latest(sessions, new.series) else { return true }
            let person = registry.person(strings.sharing(user), verdictAt: verdictAt)
            for session in sessions.sorted(by: { $0.createdAt < $1.createdAt }) {
                bringIn(session, of: person, &registry)
            }
            for series in new.series { registry.add(series) }
            return true
        }
    }

    /// What the store knows best of a person, and when the sources said so.
    private func latest(
        _ sessions: [Session],
        _ series: [RememberSeries]
    ) -> (user: DirectoryUser, verdictAt: Int64)? {
        // What a source has shown counts before an application's word, then the later before the earlier.
        let rank = { (session: Session) in (session.identity.source == .application ? 0 : 1, session.lastVerdictAt) }
        if let session = sessions.max(by: { rank($0) < rank($1) }) {
            let user = DirectoryUser(identity: session.identity, groups: session.groups, isActive: session.isActive)
            return (user, session.lastVerdictAt.milliseconds)
        }
        // A remembered login says who it was, and nothing of what the sources say: they are asked before it is used.
        guard let series = series.max(by: { $0.usedAt < $1.usedAt }) else { return nil }
        return (DirectoryUser(identity: series.identity, groups: [], isActive: true), 0)
    }

    /// Ends what the store had of sessions whose parent session is over.
    private func dropOrphans(_ read: [Session], of userID: UserID, _ registry: SessionRegistry) -> [Session] {
        let here = (registry[userID]?.sessions ?? []).map(\.id)
        var kept = read
        while true {
            let parents = Set(here + kept.map(\.id))
            let rest = kept.filter { $0.parent.map(parents.contains) ?? true }
            if rest.count == kept.count { break }
            kept = rest
        }
        let orphans = Set(read.map(\.id)).subtracting(kept.map(\.id))
        if !orphans.isEmpty { journal?.append([.end(orphans.sorted())]) }
        return kept
    }

    @discardableResult
    func bringIn(_ session: Session, of person: LivePerson, _ registry: inout SessionRegistry) -> LiveSession {
        let live = LiveSession(strings.sharing(session), person: person, epoch: registry.epoch)
        registry.add(live)
        table.insert(live)
        return live
    }

    /// Makes the session in memory that will take another's place.
    func successor(
        _ session: Session,
        of person: LivePerson,
        epoch: UInt32,
        renewal: (at: Int64, earlier: EarlierToken)? = nil
    ) -> LiveSession {
        LiveSession(strings.sharing(session), person: person, epoch: epoch, renewal: renewal)
    }

    private static nonisolated(nonsending) func wait(
        _ flight: Promise<Result<Void, Outage>>,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) {
        guard let result = await flight.value(until: deadline) else { throw Self.storeTimedOut }
        try result.get()
    }

    /// Waits until changes are in the store for good.
    static nonisolated(nonsending) func wait(
        _ receipt: SessionJournal.Receipt?,
        until deadline: ContinuousClock.Instant = .now + storeTimeout
    ) async throws(Outage) {
        guard let receipt else { return }
        guard let result = await receipt.value(until: deadline) else { throw Self.storeTimedOut }
        if case .failure(let error) = result { throw error.outage }
    }

    static var storeTimedOut: Outage {
        let kind: Outage.Kind = Task.isCancelled ? .cancelled : .timeout
        let detail = "the session store did not answer in time"
        return Outage(kind, source: "session store", step: "store", detail: detail)
    }
}
