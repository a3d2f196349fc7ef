/// All that a new session needs to know but its token and its id.
struct SessionDraft: Sendable {
    var user: DirectoryUser
    /// When the sources were asked about the person.
    var verdictAt: Timestamp
    /// Whether there is only an application's word that this is the person: no source was asked.
    var isByWord = false
    /// Whether the password has just been given.
    var isFresh: Bool
    var client: SessionClient
    var flags: SessionFlags = []
    var parent: SessionID?
    /// For how long after its last use, in milliseconds, the login is remembered; nil if it is not.
    var rememberFor: Int64?

    /// The session as it begins, with what is known of its person.
    func session(
        id: SessionID,
        tokenHash: SessionTokenHash,
        person: LivePerson.View,
        now: Timestamp,
        lifetime: Int64,
        series: SessionID? = nil
    ) -> Session {
        Session(
            id: id,
            tokenHash: tokenHash,
            identity: person.facts.identity,
            groups: person.facts.user.groups,
            isActive: person.facts.user.isActive,
            createdAt: now,
            authenticatedAt: isFresh ? now : nil,
            lastSeenAt: now,
            expiresAt: now.adding(.milliseconds(lifetime)),
            lastVerdictAt: Timestamp(milliseconds: person.verdictAt),
            passwordVersion: user.identity.passwordVersion,
            client: client,
            flags: flags,
            parent: parent,
            series: series
        )
    }
}
