/// What a session layer needs to know of a person; the counterpart of Flask-Login's user object.
///
/// An application may bring its own type; `DirectoryUser` is what the default user loader returns.
public protocol User: Sendable {
    /// Who this is; nil for an anonymous visitor only.
    var id: UserID? { get }

    /// Whether the person has logged in.
    var isAuthenticated: Bool { get }

    /// Whether the person may use what is behind the login: by default, whether the group rules hold.
    var isActive: Bool { get }

    /// Whether this stands for a visitor who has not logged in.
    var isAnonymous: Bool { get }
}

extension User {
    /// Follows `isActive`, as in Flask-Login since 0.6.0.
    public var isAuthenticated: Bool { isActive }

    /// False: only `AnonymousUser` stands for nobody.
    public var isAnonymous: Bool { false }
}
