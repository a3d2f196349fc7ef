/// A visitor who has not logged in: neither authenticated nor active, and without an id.
public struct AnonymousUser: User, Hashable {
    /// Nobody's id: nil.
    public var id: UserID? { nil }

    /// False.
    public var isAuthenticated: Bool { false }

    /// False.
    public var isActive: Bool { false }

    /// True.
    public var isAnonymous: Bool { true }

    /// Makes the one and only kind of anonymous visitor.
    public init() {}
}
