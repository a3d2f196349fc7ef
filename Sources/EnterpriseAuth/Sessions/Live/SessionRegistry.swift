/// Who has which live sessions: a plain value whose every change is one synchronous step.
///
/// Where a person is in it, *all* of the person's sessions are in it; so limits and *end all* are decided here without
/// asking the store.
struct SessionRegistry: Sendable {
    /// One person, the person's sessions, the oldest first, and the logins that are remembered.
    struct Entry: Sendable {
        let person: LivePerson
        var sessions: [LiveSession] = []
        var series: [LiveSeries] = []

        var isEmpty: Bool { sessions.isEmpty && series.isEmpty }
    }

    /// What the store has of one person.
    struct Stored: Sendable {
        var sessions: [Session] = []
        var series: [RememberSeries] = []
    }

    /// A reading of one person's sessions from the store that is going on.
    private struct Load: Sendable {
        let flight: Promise<Result<Void, Outage>>
        var epoch: UInt32
        /// Sessions that ended since it began: what it read of them is out of date.
        var ended: Set<SessionID> = []
    }

    var people: [UserID: Entry] = [:]
    /// Whose the remembered logins are that are here.
    var owners: [SessionTokenHash: UserID] = [:]
    private var loads: [UserID: Load] = [:]

    /// How many times all sessions have been ended.
    private(set) var epoch: UInt32 = 0

    subscript(id: UserID) -> Entry? { people[id] }

    /// The person of this id, made if missing.
    mutating func person(_ user: DirectoryUser, verdictAt: Int64) -> LivePerson {
        let id = user.identity.userID
        if let entry = people[id] { return entry.person }
        let person = LivePerson(PersonFacts(user), verdictAt: verdictAt)
        people[id] = Entry(person: person)
        return person
    }

    /// Joins the reading of a person's sessions from the store, or begins one.
    /// - Returns: Nil if the person is here already.
    mutating func joinLoad(_ id: UserID) -> (flight: Promise<Result<Void, Outage>>, isNew: Bool)? {
        if people[id] != nil { return nil }
        if let load = loads[id] { return (load.flight, false) }
        let load = Load(flight: Promise(), epoch: epoch)
        loads[id] = load
        return (load.flight, true)
    }

    /// Begins the reading of a person's sessions anew if somebody has begun to end all sessions since: nobody knows
    /// whether what was read is from before or after that end, or whether it came about.
    /// - Returns: True if it must be read again.
    mutating func mustReload(_ id: UserID) -> Bool {
        guard let load = loads[id], load.epoch != epoch else { return false }
        loads[id]?.epoch = epoch
        return true
    }

    /// Ends the reading of a person's sessions.
    /// - Returns: Those of `read` that are neither here already nor ended since the reading began.
    mutating func endLoad(_ id: UserID, read: Stored = Stored()) -> Stored {
        guard let load = loads.removeValue(forKey: id) else { return Stored() }
        let known = load.ended.union((people[id]?.sessions ?? []).map(\.id)).union(series(of: id).map(\.id))
        return Stored(
            sessions: read.sessions.filter { !known.contains($0.id) },
            series: read.series.filter { !known.contains($0.id) }
        )
    }

    /// Brings a session in.
    mutating func add(_ session: LiveSession) {
        people[session.person.userID, default: Entry(person: session.person)].sessions.append(session)
    }

    /// The person's oldest sessions, so many that no more than `limit` remain; child sessions do not count.
    func surplus(of id: UserID, limit: Int) -> [LiveSession] {
        let counted = (people[id]?.sessions ?? []).filter { $0.parent == nil }
        return Array(counted.prefix(max(0, counted.count - max(1, limit))))
    }

    /// The oldest sessions that hang on one, so many that no more than `limit` remain.
    func surplusChildren(of session: LiveSession, limit: Int) -> [LiveSession] {
        let children = (people[session.person.userID]?.sessions ?? []).filter { $0.parent == session.id }
        return Array(children.prefix(max(0, children.count - limit)))
    }

    /// The person's sessions whose password has been changed since, as far as the source shows it.
    func outdated(of id: UserID, passwordVersion: String?) -> [LiveSession] {
        guard let passwordVersion else { return [] }
        return (people[id]?.sessions ?? []).filter { session in
            session.passwordVersion.map { PasswordVersion.isOlder($0, than: passwordVersion) } ?? false
        }
    }

    /// The session that stands here under a session's id: itself, or the one that took its place under a new token.
    func current(_ session: LiveSession) -> LiveSession? {
        self.session(session.id, of: session.person.userID)
    }

    /// The session of an id, if it is here.
    func session(_ id: SessionID, of userID: UserID) -> LiveSession? {
        people[userID]?.sessions.first { $0.id == id }
    }

    /// All sessions of a selection that are here.
    func select(_ selection: SessionSelection) -> [LiveSession] {
        switch selection {
        case .user(let id): return people[id]?.sessions ?? []
        case .all: return people.values.flatMap(\.sessions)
        case .ids(let ids):
            let wanted = Set(ids)
            return people.values.flatMap { $0.sessions.filter { wanted.contains($0.id) } }
        case .loginName(let name):
            return people.values.flatMap { entry in
                let loginName = entry.person.view.facts.identity.loginName
                return loginName.utf8.elementsEqual(name.utf8) ? entry.sessions : []
            }
        }
    }

    /// Notes that a session ends which is not here: a reading that is going on may not bring it in.
    mutating func noteEnd(_ id: SessionID, of userID: UserID) {
        loads[userID]?.ended.insert(id)
    }

    /// Takes a session out, and those that hang on it.
    /// - Returns: The sessions that this call ended; empty if somebody else was faster.
    mutating func end(_ session: LiveSession) -> [LiveSession] {
        guard session.end() else { return [] }
        let id = session.person.userID
        noteEnd(session.id, of: id)
        guard var entry = people[id] else { return [session] }
        entry.sessions.removeAll { $0 === session }
        let children = entry.sessions.filter { $0.parent == session.id }
        people[id] = entry.isEmpty ? nil : entry
        return children.reduce(into: [session]) { ended, child in ended += end(child) }
    }

    /// Puts a session with a new token in the place of another.
    /// - Returns: False if the old one has ended meanwhile.
    mutating func replace(_ old: LiveSession, with new: LiveSession) -> Bool {
        let id = old.person.userID
        guard let index = people[id]?.sessions.firstIndex(where: { $0 === old }), old.end() else { return false }
        people[id]?.sessions[index] = new
        return true
    }

    /// Begins the end of all sessions that are here now.
    mutating func nextEpoch() -> UInt32 {
        epoch += 1
        return epoch
    }

    /// Takes out all sessions and remembered logins of earlier epochs.
    mutating func endAll(before epoch: UInt32) -> (sessions: [LiveSession], series: [RememberSeries]) {
        let series = people.values.flatMap(\.series).filter { $0.epoch < epoch }.map(\.record)
        let sessions = people.values.flatMap(\.sessions).filter { $0.epoch < epoch }
        return (sessions.flatMap { end($0) }, series.filter { remove($0) })
    }
}
