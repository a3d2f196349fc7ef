/// The limits of sessions as plain numbers, and what follows from them: no state, no clock, no waiting.
struct SessionRules: Sendable {
    /// How far an answer of the sources can be relied on.
    enum Trust: Sendable, Equatable {
        /// It is new enough, or the background check is about to renew it.
        case good
        /// The sources must be asked before the session is used.
        case checkFirst
        /// They were asked a moment ago and did not answer, and the last answer is too old.
        case suspended(Outage)
    }

    /// How long the token before a renewal is good after the new one has come back, in milliseconds: requests that were
    /// under way have it (OWASP Session Management Cheat Sheet, *Renewal timeout*).
    static let tokenOverlap: Int64 = 30_000

    let lifetime: Int64
    let idle: Int64
    let freshFor: Int64
    /// After how long a token is replaced.
    let renewAfter: Int64
    let protection: SessionConfiguration.Protection
    let maxPerUser: Int
    let recheck: Int64
    let outageGrace: Int64
    /// When these rules took the place of others, in milliseconds of the wall clock.
    let since: Int64

    init(_ session: SessionConfiguration, _ active: ActiveConfiguration, since: Int64 = .min) {
        self.since = since
        lifetime = session.lifetime.wholeMilliseconds
        idle = session.idle.wholeMilliseconds
        freshFor = session.freshFor.wholeMilliseconds
        renewAfter = session.renewAfter == .zero ? .max : max(session.renewAfter.wholeMilliseconds, Self.tokenOverlap)
        protection = session.protection
        maxPerUser = session.maxPerUser
        recheck = active.recheck.wholeMilliseconds
        outageGrace = active.outageGrace.wholeMilliseconds
    }

    /// How long to leave sources alone that have just not answered about a person.
    var retryAfter: Int64 { min(max(recheck / 4, 1000), 15_000) }

    /// Why a session is over, if it is.
    func endReason(lastSeenAt: Int64, expiresAt: Int64, now: Int64) -> SessionEndReason? {
        if now >= expiresAt { return .lifetime }
        if now - lastSeenAt >= idle { return .idle }
        return nil
    }

    /// Why a session in memory is over, if it is.
    func endReason(of session: LiveSession, now: Int64) -> SessionEndReason? {
        endReason(lastSeenAt: session.lastSeenAt, expiresAt: session.expiresAt, now: now)
    }

    /// Why a stored session is over, if it is.
    func endReason(of session: Session, now: Int64) -> SessionEndReason? {
        endReason(
            lastSeenAt: session.lastSeenAt.milliseconds,
            expiresAt: session.expiresAt.milliseconds,
            now: now
        )
    }

    /// Whether it is time for a session to get another token.
    func isTokenOld(_ session: LiveSession, now: Int64) -> Bool {
        now - session.tokenMadeAt >= renewAfter
    }

    /// Whether the password was given within `window` milliseconds, by the client that still comes.
    func isFresh(authenticatedAt: Int64, clientChanged: Bool, within window: Int64, now: Int64) -> Bool {
        guard authenticatedAt != LiveSession.never, !clientChanged else { return false }
        return now - authenticatedAt < window
    }

    /// Whether a request comes from the client that logged in, as far as the protection asks.
    func isSameClient(_ session: LiveSession, _ client: SessionClient) -> Bool {
        guard protection != .none else { return true }
        guard session.kind == client.kind else { return false }
        guard session.kind == .web else { return true }
        guard session.userAgent == client.userAgent else { return false }
        return protection == .basic || NetworkPrefix.isSame(session.address, client.address)
    }

    /// Whether sessions may go on with the last answer of the sources.
    func trust(_ person: LivePerson.View, isOnCheckList: Bool, now: Int64) -> Trust {
        let age = now - person.verdictAt
        // An answer from the future means that the clock was set back: then nothing is known of its age.
        let isOutdated = isOutdated(person.verdictAt, now: now)
        if !isOutdated, (-recheck...recheck).contains(age) { return .good }
        if let failure = person.failure, (0..<retryAfter).contains(now - failure.at),
            !isOutdated || failure.at > since
        {
            return (0...outageGrace).contains(age) ? .good : .suspended(failure.outage)
        }
        if isOutdated { return .checkFirst }
        // Seen since the last check: the background check is due or going on. It may be late by as much again.
        return isOnCheckList && (0...2 * recheck).contains(age) ? .good : .checkFirst
    }

    /// Whether an answer is one of the sources before, to the rules before; a clock that was set back tells nothing.
    private func isOutdated(_ verdictAt: Int64, now: Int64) -> Bool {
        verdictAt <= since && since <= now
    }

    /// What holds when the sources were asked and did not answer.
    func isWithinGrace(verdictAt: Int64, now: Int64) -> Bool {
        (-recheck...max(outageGrace, recheck)).contains(now - verdictAt)
    }

    /// Whether the background check should ask about a person who was seen since the last check; a little earlier for
    /// some than for others, so that the checks spread.
    func isCheckDue(_ person: LivePerson.View, userID: UserID, now: Int64) -> Bool {
        if let failure = person.failure, (0..<retryAfter).contains(now - failure.at) { return false }
        if isOutdated(person.verdictAt, now: now) { return true }
        var hasher = Hasher()
        hasher.combine(userID)
        let jitter = Int64(UInt(bitPattern: hasher.finalize()) % UInt(max(recheck / 10, 1)))
        let age = now - person.verdictAt
        return age >= recheck - jitter || age < -recheck
    }
}
