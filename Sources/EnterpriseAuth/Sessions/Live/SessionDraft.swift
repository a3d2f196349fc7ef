/// All that a new session needs to know but its token and its id.
struct SessionDraft: Sendable {
    var user: DirectoryUser
    /// When the sources were asked about the person.
    var verdictAt: Timestamp
    /// Whether the password has just been given.
    var isFresh: Bool
    var client: SessionClient
    var flags: SessionFlags = []
    var parent: SessionID?

    func session(id: SessionID, tokenHash: SessionTokenHash, now: Timestamp, lifetime: Int64) -> Session {
        Session(
            id: id,
            tokenHash: tokenHash,
            identity: user.identity,
            groups: user.groups,
            isActive: user.isActive,
            createdAt: now,
            authenticatedAt: isFresh ? now : nil,
            lastSeenAt: now,
            expiresAt: now.adding(.milliseconds(lifetime)),
            lastVerdictAt: verdictAt,
            passwordVersion: user.identity.passwordVersion,
            client: client,
            flags: flags,
            parent: parent
        )
    }
}
