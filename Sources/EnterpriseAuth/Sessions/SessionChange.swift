/// One change to the sessions in a store.
///
/// A change that names a session or a remembered login which the store does not have changes nothing and is no error:
/// what has ended never comes back. Only `insert` and `insertSeries` bring one in.
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
    /// The sources show a person differently: all of the person's sessions get the identity, groups and time, and the
    /// person's remembered logins the identity.
    case setPerson(Identity, groups: [String], isActive: Bool, lastVerdictAt: Timestamp)
    /// Sessions end, and with each of them the person's other sessions that hang on it, at any depth.
    case end([SessionID])
    /// A login is remembered from now on. Its id and its hash are new; the store refuses one that it has already.
    case insertSeries(RememberSeries)
    /// The remembered login of this id gets another token hash, previous token, times, password version and client.
    case updateSeries(RememberSeries)
    /// Remembered logins end, and with each of them the person's sessions that came from it and what hangs on these.
    case endSeries([SessionID])
    /// All sessions and remembered logins end.
    case endAll
}
