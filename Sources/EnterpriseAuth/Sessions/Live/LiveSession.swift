internal import Synchronization

/// A session in memory.
///
/// What never changes lies open; the rest is atomic or behind its own small lock, so that a request takes no lock of
/// the whole table for longer than one look-up. A million of these may exist: every field is paid for a million times.
final class LiveSession: Sendable {
    private enum Mark {
        static let ended: UInt8 = 1
        static let touched: UInt8 = 2
        static let clientChanged: UInt8 = 4
        static let renewing: UInt8 = 8
    }

    /// The time that stands for *never* in `authenticatedAt`.
    static let never = Int64.min

    // What every request reads stands together, in as few lines of the processor's cache as may be.
    let tokenHash: SessionTokenHash
    let person: LivePerson
    let expiresAt: Int64
    private let lastSeen: Atomic<Int64>
    private let marks: Atomic<UInt8>
    let kind: SessionClient.Kind
    let isForced: Bool
    let isRemembered: Bool
    /// How many times all sessions had been ended when this one came into memory.
    let epoch: UInt32
    let userAgent: String?
    let authenticatedAt: Int64
    /// When the token was made.
    let tokenMadeAt: Int64
    /// The token before this one, if it was replaced at its time.
    let earlier: EarlierToken?

    let id: SessionID
    let createdAt: Int64
    let address: String?
    let passwordVersion: String?
    private let links: Links?
    private let bag: Mutex<SessionData?>

    /// What it ends with; boxed because few sessions have any.
    private final class Links: Sendable {
        let parent: SessionID?
        let series: SessionID?

        init?(_ session: Session) {
            guard session.parent != nil || session.series != nil else { return nil }
            (parent, series) = (session.parent, session.series)
        }
    }

    /// The session that this one hangs on.
    var parent: SessionID? { links?.parent }
    /// The remembered login that this one came from or began.
    var series: SessionID? { links?.series }

    /// - Parameters:
    ///   - session: What is known of it.
    ///   - person: Whose it is.
    ///   - epoch: How many times all sessions had been ended when it came into memory.
    ///   - renewal: When its token was replaced at its time, and which one by it; nil if that was at a login, as far as
    ///     anybody knows.
    init(
        _ session: Session,
        person: LivePerson,
        epoch: UInt32,
        renewal: (at: Int64, earlier: EarlierToken)? = nil
    ) {
        id = session.id
        tokenHash = session.tokenHash
        self.person = person
        createdAt = session.createdAt.milliseconds
        authenticatedAt = session.authenticatedAt?.milliseconds ?? Self.never
        expiresAt = session.expiresAt.milliseconds
        address = session.client.address
        userAgent = session.client.userAgent
        kind = session.client.kind
        passwordVersion = session.passwordVersion
        links = Links(session)
        self.epoch = epoch
        tokenMadeAt = renewal?.at ?? max(createdAt, authenticatedAt)
        earlier = renewal?.earlier
        isForced = session.flags.contains(.forced)
        isRemembered = session.flags.contains(.remembered)
        marks = Atomic(session.flags.contains(.clientChanged) ? Mark.clientChanged : 0)
        lastSeen = Atomic(session.lastSeenAt.milliseconds)
        bag = Mutex(session.data.isEmpty ? nil : session.data)
    }

    var isEnded: Bool { has(Mark.ended) }
    var isClientChanged: Bool { has(Mark.clientChanged) }
    var lastSeenAt: Int64 { lastSeen.load(ordering: .relaxed) }
    var data: SessionData { bag.withLock { $0 } ?? SessionData() }

    var flags: SessionFlags {
        var flags: SessionFlags = isForced ? .forced : []
        if isClientChanged { flags.insert(.clientChanged) }
        if isRemembered { flags.insert(.remembered) }
        return flags
    }

    /// The session as lists show it and stores keep it.
    func snapshot() -> Session {
        let view = person.view
        return Session(
            id: id,
            tokenHash: tokenHash,
            identity: view.facts.identity,
            groups: view.facts.user.groups,
            isActive: view.facts.user.isActive,
            createdAt: Timestamp(milliseconds: createdAt),
            authenticatedAt: authenticatedAt == Self.never ? nil : Timestamp(milliseconds: authenticatedAt),
            lastSeenAt: Timestamp(milliseconds: lastSeenAt),
            expiresAt: Timestamp(milliseconds: expiresAt),
            lastVerdictAt: Timestamp(milliseconds: view.verdictAt),
            passwordVersion: passwordVersion,
            client: SessionClient(kind: kind, address: address, userAgent: userAgent),
            flags: flags,
            data: data,
            parent: parent,
            series: series
        )
    }

    /// Notes that the session was used.
    /// - Returns: True if that is news by a second or more.
    func see(at now: Int64) -> Bool {
        // A write for every request of the same second would only make the processors quarrel over the cache line.
        guard now - lastSeenAt >= 1000 else { return false }
        lastSeen.store(now, ordering: .relaxed)
        return true
    }

    /// Takes the session's use for the store.
    func takeTouch() -> SessionTouch {
        unmark(Mark.touched)
        return SessionTouch(
            id: id,
            lastSeenAt: Timestamp(milliseconds: lastSeenAt),
            lastVerdictAt: Timestamp(milliseconds: person.view.verdictAt)
        )
    }

    /// Puts the session on the list of touched sessions.
    /// - Returns: True for the one caller who must really do it.
    func claimTouch() -> Bool { mark(Mark.touched) }

    /// Ends the session for everybody who still holds it.
    /// - Returns: True for the one caller who ended it.
    func end() -> Bool { mark(Mark.ended) }

    /// Notes that a request came from another client.
    /// - Returns: True for the first one.
    func noteClientChange() -> Bool { mark(Mark.clientChanged) }

    /// Reserves the replacement of the token.
    /// - Returns: False if somebody else is at it.
    func beginRenewal() -> Bool { mark(Mark.renewing) }

    func cancelRenewal() { unmark(Mark.renewing) }

    /// Changes the data.
    /// - Returns: The new data if it has changed.
    func change<Failure: Error>(
        _ body: (inout SessionData) throws(Failure) -> Void
    ) throws(Failure) -> SessionData? {
        try bag.withLock { bag throws(Failure) in
            let before = bag ?? SessionData()
            var after = before
            try body(&after)
            guard after != before else { return nil }
            bag = after.isEmpty ? nil : after
            return after
        }
    }

    /// Takes over the data of the session that this one replaces.
    func adopt(_ data: SessionData) {
        bag.withLock { $0 = data.isEmpty ? nil : data }
    }

    private func has(_ mark: UInt8) -> Bool {
        marks.load(ordering: .acquiring) & mark != 0
    }

    /// - Returns: True if the mark was not there before.
    private func mark(_ mark: UInt8) -> Bool {
        marks.bitwiseOr(mark, ordering: .acquiringAndReleasing).oldValue & mark == 0
    }

    private func unmark(_ mark: UInt8) {
        marks.bitwiseAnd(~mark, ordering: .acquiringAndReleasing)
    }
}
