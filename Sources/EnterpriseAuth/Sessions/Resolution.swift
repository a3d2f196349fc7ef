/// What a token stands for at this moment.
public enum Resolution: Sendable {
    /// Nobody: there is no live session behind it.
    case anonymous(AnonymousReason)

    /// A live session of somebody.
    case active(ResolvedSession)

    /// There may be a session, and nobody can say now; show 503, keep the cookie.
    case unavailable(Outage)

    /// Why a request is nobody's.
    public enum AnonymousReason: Sendable, Hashable {
        /// It came without a token.
        case noToken
        /// What it came with cannot be a token.
        case malformedToken
        /// No session has this token: it was never given out, or its session has ended before.
        case unknownToken
        /// The session ended just now.
        case ended(SessionEndReason)
    }
}

extension Resolution {
    /// The live session, if there is one.
    public var session: ResolvedSession? {
        guard case .active(let session) = self else { return nil }
        return session
    }
}
