/// Turns the id that a session keeps back into an application's own user; nil means that the person is gone.
///
/// Asked when a request wants the user, and every `[active] recheck` about people whom the application itself has checked.
/// What it throws is an outage: the session lives on, and the request is told to come back.
public typealias UserLoader = @Sendable (UserID) async throws -> (any User)?

/// What the user loader said.
public enum UserLoad: Sendable {
    /// This is the user.
    case user(any User)
    /// The loader knows nobody of this id any more; the person's sessions have ended.
    case gone
    /// The loader could not say.
    case unavailable(Outage)
}
