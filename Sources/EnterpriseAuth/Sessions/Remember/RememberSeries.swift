/// One login that is remembered on one device, as lists show it and stores keep it; never with the token itself.
///
/// Each use gives it a new token. It ends with the session that hangs on it, unless that one only ran out of time.
public struct RememberSeries: Sendable, Hashable, Identifiable {
    /// The token before the one of the moment, for as long as it is taken for that of a parallel request.
    public struct Previous: Sendable, Hashable {
        /// The hash of that token.
        public let tokenHash: SessionTokenHash

        /// What its successor is computed with; of no use to anybody without the token.
        public let salt: [UInt8]

        /// From when on that token is a stolen one.
        public let until: Timestamp

        /// Puts the facts of a used token together.
        /// - Parameters:
        ///   - tokenHash: The hash of that token.
        ///   - salt: What its successor is computed with.
        ///   - until: From when on that token is a stolen one.
        public init(tokenHash: SessionTokenHash, salt: [UInt8], until: Timestamp) {
            self.tokenHash = tokenHash
            self.salt = salt
            self.until = until
        }
    }

    /// Names the series for its whole life, in lists; who knows it cannot use the series.
    public let id: SessionID

    /// The hash of the secret by which the browser names the series.
    public let seriesHash: SessionTokenHash

    /// The hash of the token of the moment.
    public var tokenHash: SessionTokenHash

    /// The token before; nil once nothing can be parallel to its use any more.
    public var previous: Previous?

    /// Whose it is, as the sources last showed the person.
    public var identity: Identity

    /// When the person logged in.
    public let createdAt: Timestamp

    /// When it last opened a session.
    public var usedAt: Timestamp

    /// When it ends unless it is used before.
    public var expiresAt: Timestamp

    /// What the source showed as the password's version when the password was given, if it showed one.
    public var passwordVersion: String?

    /// Where it was last used.
    public var client: SessionClient

    /// For how long after its last use it lasts: what was said at the login, or `[remember] lifetime` if that is shorter.
    public var lifetime: Duration { expiresAt.since(usedAt) }

    /// Whether a token is the one that opens it now.
    /// - Parameter token: What a request came with.
    /// - Returns: False for a token that was used, and for one of another series.
    public func isOpened(by token: RememberToken) -> Bool {
        seriesHash == token.seriesHash && tokenHash == token.tokenHash
    }

    /// Puts a series together.
    /// - Parameters:
    ///   - id: Names the series for its whole life.
    ///   - seriesHash: The hash of the secret by which the browser names the series.
    ///   - tokenHash: The hash of the token of the moment.
    ///   - previous: The token before.
    ///   - identity: Whose it is.
    ///   - createdAt: When the person logged in.
    ///   - usedAt: When it last opened a session.
    ///   - expiresAt: When it ends unless it is used before.
    ///   - passwordVersion: What the source showed as the password's version when the password was given.
    ///   - client: Where it was last used.
    public init(
        id: SessionID,
        seriesHash: SessionTokenHash,
        tokenHash: SessionTokenHash,
        previous: Previous? = nil,
        identity: Identity,
        createdAt: Timestamp,
        usedAt: Timestamp,
        expiresAt: Timestamp,
        passwordVersion: String? = nil,
        client: SessionClient
    ) {
        self.id = id
        self.seriesHash = seriesHash
        self.tokenHash = tokenHash
        self.previous = previous
        self.identity = identity
        self.createdAt = createdAt
        self.usedAt = usedAt
        self.expiresAt = expiresAt
        self.passwordVersion = passwordVersion
        self.client = client
    }
}
