/// Where sessions outlive the process.
///
/// A `LoginManager` is the only one that writes to its store. It writes one batch at a time and reads at any time, from
/// any task. The contract that `StoreConformanceSuite` (in EnterpriseAuthTesting) holds every store to:
///
/// - *Acknowledged is durable.* When `apply(_:)` has returned, its changes survive a crash of the process, and for a
///   store on disk of the machine; `touch` alone may be lost.
/// - *All or nothing, in order.* A batch that throws has changed nothing.
/// - *Ended stays ended.* No change but `insert` brings a session in.
/// - *Never the token.* A store sees token hashes only.
/// - Calls do not block the cooperative thread pool.
public protocol SessionStore: Sendable {
    /// Looks up the session that a token opens.
    /// - Parameter hash: The token's hash.
    /// - Returns: The session, expired or not, or nil if there is none.
    /// - Throws: `SessionStoreError` if the store cannot say.
    func session(withTokenHash hash: SessionTokenHash) async throws(SessionStoreError) -> Session?

    /// Lists sessions in pages, in the order of their ids.
    /// - Parameters:
    ///   - selection: Which sessions.
    ///   - after: The last id of the page before; nil for the first page.
    ///   - limit: The most sessions that are wanted.
    /// - Returns: The sessions, expired ones included; fewer than `limit` means that no more follow.
    /// - Throws: `SessionStoreError` if the store cannot say.
    func sessions(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [Session]

    /// Looks up a remembered login.
    /// - Parameter hash: The hash of the secret by which the browser names it.
    /// - Returns: The remembered login, expired or not, or nil if there is none.
    /// - Throws: `SessionStoreError` if the store cannot say.
    func series(withHash hash: SessionTokenHash) async throws(SessionStoreError) -> RememberSeries?

    /// Lists remembered logins in pages, in the order of their ids.
    /// - Parameters:
    ///   - selection: Which; `.ids` are those of the remembered logins.
    ///   - after: The last id of the page before; nil for the first page.
    ///   - limit: The most that are wanted.
    /// - Returns: The remembered logins, expired ones included; fewer than `limit` means that no more follow.
    /// - Throws: `SessionStoreError` if the store cannot say.
    func series(
        _ selection: SessionSelection,
        after: SessionID?,
        limit: Int
    ) async throws(SessionStoreError) -> [RememberSeries]

    /// Makes changes, all or none of them, in their order.
    /// - Parameter changes: What to change.
    /// - Throws: `SessionStoreError` if nothing was changed.
    func apply(_ changes: [SessionChange]) async throws(SessionStoreError)

    /// Removes sessions that are over, and then those whose parent session is not there.
    ///
    /// And remembered logins whose `expiresAt` is not later than now, and of the others the previous token whose `until`
    /// is not later.
    /// - Parameters:
    ///   - now: Sessions whose `expiresAt` is not later are over.
    ///   - idleSince: Sessions whose `lastSeenAt` is not later are over.
    /// - Returns: How many sessions were removed.
    /// - Throws: `SessionStoreError` if the store could not do it.
    func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int

    /// Ends what the store holds, such as files and locks; nothing may be asked of it afterwards.
    func close() async
}

extension SessionStore {
    /// Lists all sessions of a selection, page by page.
    /// - Parameter selection: Which sessions.
    /// - Returns: The sessions in the order of their ids.
    /// - Throws: `SessionStoreError` if the store cannot say.
    public func sessions(_ selection: SessionSelection) async throws(SessionStoreError) -> [Session] {
        try await Self.pages { last, limit throws(SessionStoreError) in
            try await sessions(selection, after: last, limit: limit)
        }
    }

    /// Lists all remembered logins of a selection, page by page.
    /// - Parameter selection: Which.
    /// - Returns: The remembered logins in the order of their ids.
    /// - Throws: `SessionStoreError` if the store cannot say.
    public func series(_ selection: SessionSelection) async throws(SessionStoreError) -> [RememberSeries] {
        try await Self.pages { last, limit throws(SessionStoreError) in
            try await series(selection, after: last, limit: limit)
        }
    }

    private static func pages<Record: Identifiable<SessionID>>(
        _ page: (SessionID?, Int) async throws(SessionStoreError) -> [Record]
    ) async throws(SessionStoreError) -> [Record] {
        let pageSize = 1000
        var all: [Record] = []
        while true {
            let page = try await page(all.last?.id, pageSize)
            all += page
            if page.count < pageSize { return all }
        }
    }

    /// Has nothing to end.
    public func close() async {}
}
