public import EnterpriseAuth
public import HostSystem

/// What one program asks another over the local socket.
public enum LocalRequest: Sendable {
    /// Checks a password and begins a session in the place of another, on demand one whose login outlives it.
    case login(user: String, password: SecretBytes, replacing: SessionToken?, remember: Bool = false)
    /// Answers the questions of the login before, over the same connection.
    case answer([SecretBytes])
    /// Begins a session by a login that was remembered.
    case restore(RememberToken)
    /// Ends a remembered login and what came from it.
    case forget(RememberToken)
    /// Tells whose a token is.
    case whoAmI(SessionToken)
    /// Ends the session of a token, or all of that person.
    case logout(SessionToken, everywhere: Bool)
    /// Lists live sessions and remembered logins, as far as the asking one may see them.
    case listSessions(of: String?, token: SessionToken?)
    /// Ends sessions, as far as the asking one may.
    case endSessions(SessionSelection, token: SessionToken?)
    /// Lists what is slowed down.
    case listThrottle
    /// Forgets wrong passwords.
    case clearThrottle(ThrottleSelection)
    /// Reads the configuration again.
    case reload
    /// Asks for the next part of a list.
    case more
}

extension SessionSelection {
    /// The sessions of a person: ids hold a colon, login names do not.
    /// - Parameter user: A login name, or an id.
    public init(user: String) {
        self = user.contains(":") ? .user(UserID(rawValue: user)) : .loginName(user)
    }
}
