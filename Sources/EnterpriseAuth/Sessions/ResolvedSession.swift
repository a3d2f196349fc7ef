internal import Synchronization

/// A live session as one request sees it.
///
/// Made by `LoginManager.resolve(_:client:)` and good for that request only: keep the token, not this.
public struct ResolvedSession: Sendable {
    let live: LiveSession
    // What the sources said and when, of one moment: whoever decides about a request and whoever names its person must
    // not see two different answers of theirs.
    let facts: PersonFacts
    let verdictAt: Int64
    let rules: SessionRules
    let resolvedAt: Int64
    let loading: LazyUser?

    /// Names the session for its whole life.
    public var id: SessionID { live.id }

    /// Who it is.
    public var userID: UserID { facts.identity.userID }

    /// The person as the sources last showed them; what the default user loader gives.
    public var directoryUser: DirectoryUser { facts.user }

    /// Whether the group rules held when the sources were last asked; false only after a forced login.
    public var isActive: Bool { facts.user.isActive }

    /// When the session began.
    public var createdAt: Timestamp { Timestamp(milliseconds: live.createdAt) }

    /// Whether it began with a remembered login and not with a password; so it stays when the password is given later.
    public var isRemembered: Bool { live.isRemembered }

    /// When the password was last given; nil if it never was.
    public var authenticatedAt: Timestamp? {
        live.authenticatedAt == LiveSession.never ? nil : Timestamp(milliseconds: live.authenticatedAt)
    }

    /// When the session ends at the latest.
    public var expiresAt: Timestamp { Timestamp(milliseconds: live.expiresAt) }

    /// Whether the password was given within `[session] fresh_for`, by the client that still comes.
    public var isFresh: Bool {
        rules.isFresh(
            authenticatedAt: live.authenticatedAt,
            clientChanged: live.isClientChanged,
            within: rules.freshFor,
            now: resolvedAt
        )
    }

    /// Whether the password was given within a time of the caller's own, for what needs a newer word than the rest.
    /// - Parameter window: How long ago at most.
    /// - Returns: True if it was, and by the client that still comes.
    public func isFresh(within window: Duration) -> Bool {
        rules.isFresh(
            authenticatedAt: live.authenticatedAt,
            clientChanged: live.isClientChanged,
            within: window.wholeMilliseconds,
            now: resolvedAt
        )
    }

    /// Whether it is time for the browser to get another token, by `[session] renew_after`.
    public var isTokenOld: Bool { live.kind == .web && rules.isTokenOld(live, now: resolvedAt) }

    /// The session's data as it is now.
    public var data: SessionData { live.data }

    /// The whole record, for lists.
    public var session: Session { live.snapshot() }

    /// The user object: the custom user loader's, asked when this is first called and once at most for this request; or
    /// `directoryUser` if there is none.
    /// - Returns: The user, or that there is none any more, or that nobody can say.
    public func user() async -> UserLoad {
        guard let loading else { return .user(facts.user) }
        return await loading.user()
    }
}

/// Asks the user loader once, when somebody first wants to know.
final class LazyUser: Sendable {
    private let task = Mutex<Task<UserLoad, Never>?>(nil)
    private let load: @Sendable () async -> UserLoad

    init(_ load: @escaping @Sendable () async -> UserLoad) {
        self.load = load
    }

    func user() async -> UserLoad {
        let load = load
        let task = task.withLock { task in
            if let task { return task }
            let new = Task { await load() }
            task = new
            return new
        }
        return await task.value
    }
}
