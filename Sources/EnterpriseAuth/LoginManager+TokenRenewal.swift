extension LoginManager {
    /// The answer to a request does not wait longer for a new token: the old one will do.
    private static let renewalPatience: Duration = .seconds(1)

    /// Gives a session another token when its time has come, so that one that leaks is not good for long (OWASP Session
    /// Management Cheat Sheet, *Renewal timeout*).
    ///
    /// Only a door that can hand the new token to the browser with this very answer may ask for it. The token that the
    /// request came with stays good until somebody comes with the new one, and 30 seconds longer; no answer that gets lost
    /// logs anybody out. After a restart only the new one is good.
    /// - Parameters:
    ///   - token: The token that the request came with.
    ///   - session: The session as `resolve` has just given it.
    /// - Returns: The new token; nil if it is not time, if another request is getting one just now, if the session has
    ///   ended, or if the store does not take it: then the old one goes on.
    public func renewToken(_ token: SessionToken, of session: ResolvedSession) async -> SessionToken? {
        guard session.isTokenOld else { return nil }
        do throws(Outage) {
            return try await keeper.renewToken(of: session.live, used: token.hash, until: .now + Self.renewalPatience)
        } catch {
            // The journal has said what is wrong with the store.
            return nil
        }
    }
}
