/// Sessions in the memory of this process: for tests, and as the plainest example of a store.
///
/// A `LoginManager` without a store keeps its sessions in memory anyway, and only once.
public actor MemorySessionStore: SessionStore {
    private var sessions: [SessionID: Session] = [:]
    private var ids: [SessionTokenHash: SessionID] = [:]
    private var series: [SessionID: RememberSeries] = [:]

    /// Makes an empty store.
    public init() {}

    /// Looks up the session that a token opens.
    /// - Parameter hash: The token's hash.
    /// - Returns: The session, or nil if there is none.
    /// - Throws: Nothing.
    public func session(withTokenHash hash: SessionTokenHash) async throws(SessionStoreError) -> Session? {
        ids[hash].flatMap { sessions[$0] }
    }

    /// Lists sessions in pages, in the order of their ids.
    /// - Parameters:
    ///   - selection: Which sessions.
    ///   - after: The last id of the page before.
    ///   - limit: The most sessions that are wanted.
    /// - Returns: The sessions.
    /// - Throws: Nothing.
    public func sessions(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [Session] {
        Self.page(sessions, selection, after, limit, identity: \.identity)
    }

    /// Looks up a remembered login.
    /// - Parameter hash: The hash of the secret by which the browser names it.
    /// - Returns: The remembered login, or nil if there is none.
    /// - Throws: Nothing.
    public func series(withHash hash: SessionTokenHash) async throws(SessionStoreError) -> RememberSeries? {
        series.values.first { $0.seriesHash == hash }
    }

    /// Lists remembered logins in pages, in the order of their ids.
    /// - Parameters:
    ///   - selection: Which.
    ///   - after: The last id of the page before.
    ///   - limit: The most that are wanted.
    /// - Returns: The remembered logins.
    /// - Throws: Nothing.
    public func series(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [RememberSeries] {
        Self.page(series, selection, after, limit, identity: \.identity)
    }

    private static func page<Record>(
        _ records: [SessionID: Record],
        _ selection: SessionSelection,
        _ after: SessionID?,
        _ limit: Int,
        identity: (Record) -> Identity
    ) -> [Record] {
        let selected = records.filter { id, record in
            switch selection {
            case .all: true
            case .user(let user): identity(record).userID == user
            case .loginName(let name): identity(record).loginName.utf8.elementsEqual(name.utf8)
            case .ids(let ids): ids.contains(id)
            }
        }
        let rest = selected.filter { id, _ in after.map { $0 < id } ?? true }
        return rest.sorted { $0.key < $1.key }.prefix(limit).map(\.value)
    }

    /// Makes changes, all or none of them, in their order.
    /// - Parameter changes: What to change.
    /// - Throws: `SessionStoreError` if an inserted session is not new.
    public func apply(_ changes: [SessionChange]) async throws(SessionStoreError) {
        let before = (sessions, ids, series)
        do throws(SessionStoreError) {
            for change in changes { try apply(change) }
        } catch {
            (sessions, ids, series) = before
            throw error
        }
    }

    /// Removes sessions that are over.
    /// - Parameters:
    ///   - now: Sessions whose `expiresAt` is not later are over.
    ///   - idleSince: Sessions whose `lastSeenAt` is not later are over.
    /// - Returns: How many were removed.
    /// - Throws: Nothing.
    public func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
        let before = sessions.count
        for session in sessions.values where session.expiresAt <= now || session.lastSeenAt <= idleSince {
            remove(session.id)
        }
        for session in sessions.values {
            if let parent = session.parent, sessions[parent] == nil { remove(session.id) }
        }
        series = series.filter { $0.value.expiresAt > now }
        for (id, record) in series {
            if let previous = record.previous, previous.until <= now { series[id]?.previous = nil }
        }
        return before - sessions.count
    }

    private func apply(_ change: SessionChange) throws(SessionStoreError) {
        switch change {
        case .insert(let session):
            guard sessions[session.id] == nil, ids[session.tokenHash] == nil else {
                throw SessionStoreError(step: "write", detail: "session \(session.id) is there already")
            }
            sessions[session.id] = session
            ids[session.tokenHash] = session.id
        case .replaceToken(let session): try replaceToken(session)
        case .touch(let touches):
            for touch in touches {
                sessions[touch.id]?.lastSeenAt = touch.lastSeenAt
                sessions[touch.id]?.lastVerdictAt = touch.lastVerdictAt
            }
        case .setData(let id, let data): sessions[id]?.data = data
        case .setFlags(let id, let flags): sessions[id]?.flags = flags
        case .setPerson(let identity, let groups, let isActive, let lastVerdictAt):
            for session in sessions.values where session.identity.userID == identity.userID {
                sessions[session.id]?.identity = identity
                sessions[session.id]?.groups = groups
                sessions[session.id]?.isActive = isActive
                sessions[session.id]?.lastVerdictAt = lastVerdictAt
            }
            for record in series.values where record.identity.userID == identity.userID {
                series[record.id]?.identity = identity
            }
        case .end(let ids):
            for id in ids { end(id) }
        case .insertSeries(let new):
            guard series[new.id] == nil, !series.values.contains(where: { $0.seriesHash == new.seriesHash }) else {
                throw SessionStoreError(step: "write", detail: "remembered login \(new.id) is there already")
            }
            series[new.id] = new
        case .updateSeries(let new): update(new)
        case .endSeries(let ids):
            for id in ids { endSeries(id) }
        case .endAll: (sessions, ids, series) = ([:], [:], [:])
        }
    }

    private func replaceToken(_ session: Session) throws(SessionStoreError) {
        guard let old = sessions[session.id] else { return }
        if let other = ids[session.tokenHash], other != session.id {
            throw SessionStoreError(step: "write", detail: "the token of session \(session.id) is not new")
        }
        ids[old.tokenHash] = nil
        ids[session.tokenHash] = session.id
        sessions[session.id]?.tokenHash = session.tokenHash
        sessions[session.id]?.authenticatedAt = session.authenticatedAt
        sessions[session.id]?.client = session.client
        sessions[session.id]?.flags = session.flags
        sessions[session.id]?.passwordVersion = session.passwordVersion
    }

    private func update(_ new: RememberSeries) {
        guard var record = series[new.id] else { return }
        record.tokenHash = new.tokenHash
        record.previous = new.previous
        record.usedAt = new.usedAt
        record.expiresAt = new.expiresAt
        record.passwordVersion = new.passwordVersion
        record.client = new.client
        series[new.id] = record
    }

    private func endSeries(_ id: SessionID) {
        guard let record = series.removeValue(forKey: id) else { return }
        for session in sessions.values where session.series == id && session.identity.userID == record.identity.userID {
            end(session.id)
        }
    }

    private func end(_ id: SessionID) {
        guard let ended = remove(id) else { return }
        let children = sessions.values.filter { $0.parent == id && $0.identity.userID == ended.identity.userID }
        for child in children { end(child.id) }
    }

    @discardableResult
    private func remove(_ id: SessionID) -> Session? {
        guard let session = sessions.removeValue(forKey: id) else { return nil }
        ids[session.tokenHash] = nil
        return session
    }
}
