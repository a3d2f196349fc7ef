/// One change to the sessions in a store.
///
/// A change that names a session which the store does not have changes nothing and is no error: a session that has
/// ended never comes back. Only `insert` brings one in.
public enum SessionChange: Sendable, Hashable {
    /// A session begins. Its id and its token hash are new; the store refuses one that it has already.
    case insert(Session)
    /// The session of this id gets a new token hash, client, flags, password version and `authenticatedAt`: the old
    /// token is dead and the new one good in the same instant.
    case replaceToken(Session)
    /// Sessions were used.
    case touch([SessionTouch])
    /// A session's data is now this.
    case setData(SessionID, SessionData)
    /// A session's flags are now these.
    case setFlags(SessionID, SessionFlags)
    /// The sources show a person differently: all of the person's sessions get the identity, groups and time.
    case setPerson(Identity, groups: [String], isActive: Bool, lastVerdictAt: Timestamp)
    /// Sessions end, and with each of them the person's other sessions that hang on it, at any depth.
    case end([SessionID])
    /// All sessions end.
    case endAll
}
