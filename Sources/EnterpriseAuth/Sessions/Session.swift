/// One login of one person, as lists show it and stores keep it; never with the token itself.
public struct Session: Sendable, Hashable, Identifiable {
    /// Names the session for its whole life.
    public let id: SessionID

    /// The hash of the token that opens it now.
    public var tokenHash: SessionTokenHash

    /// Whose it is, as the sources last showed the person.
    public var identity: Identity

    /// The names of the groups that the person was last found in.
    public var groups: [String]

    /// Whether the group rules held when the sources were last asked.
    public var isActive: Bool

    /// When it began.
    public let createdAt: Timestamp

    /// When the password was last given; nil if it never was.
    public var authenticatedAt: Timestamp?

    /// When it was last used; a store hears of it in batches.
    public var lastSeenAt: Timestamp

    /// When it ends at the latest.
    public let expiresAt: Timestamp

    /// When the sources last answered about the person; `outage_grace` counts from here.
    public var lastVerdictAt: Timestamp

    /// What the source showed as the password's version when the password was given, if it showed one.
    public var passwordVersion: String?

    /// Where the person logged in from.
    public var client: SessionClient

    /// What else is true of it.
    public var flags: SessionFlags

    /// The application's own small data.
    public var data: SessionData

    /// The session that this one hangs on and ends with, if any.
    public let parent: SessionID?

    /// The remembered login that this one came from or began, if any; with its end this one ends.
    public let series: SessionID?

    /// Puts a session together.
    /// - Parameters:
    ///   - id: Names the session for its whole life.
    ///   - tokenHash: The hash of the token that opens it.
    ///   - identity: Whose it is.
    ///   - groups: The names of the groups that the person was last found in.
    ///   - isActive: Whether the group rules held when the sources were last asked.
    ///   - createdAt: When it began.
    ///   - authenticatedAt: When the password was last given; nil if it never was.
    ///   - lastSeenAt: When it was last used.
    ///   - expiresAt: When it ends at the latest.
    ///   - lastVerdictAt: When the sources last answered about the person.
    ///   - passwordVersion: What the source showed as the password's version when the password was given.
    ///   - client: Where the person logged in from.
    ///   - flags: What else is true of it.
    ///   - data: The application's own small data.
    ///   - parent: The session that this one hangs on and ends with.
    ///   - series: The remembered login that this one came from or began.
    public init(
        id: SessionID,
        tokenHash: SessionTokenHash,
        identity: Identity,
        groups: [String],
        isActive: Bool = true,
        createdAt: Timestamp,
        authenticatedAt: Timestamp?,
        lastSeenAt: Timestamp,
        expiresAt: Timestamp,
        lastVerdictAt: Timestamp,
        passwordVersion: String? = nil,
        client: SessionClient,
        flags: SessionFlags = [],
        data: SessionData = SessionData(),
        parent: SessionID? = nil,
        series: SessionID? = nil
    ) {
        self.id = id
        self.tokenHash = tokenHash
        self.identity = identity
        self.groups = groups
        self.isActive = isActive
        self.createdAt = createdAt
        self.authenticatedAt = authenticatedAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.lastVerdictAt = lastVerdictAt
        self.passwordVersion = passwordVersion
        self.client = client
        self.flags = flags
        self.data = data
        self.parent = parent
        self.series = series
    }
}
