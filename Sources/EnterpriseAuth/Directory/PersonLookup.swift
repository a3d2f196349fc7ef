/// Finds people of one directory; what a PAM provider with `directory = …` needs of it.
public protocol PersonLookup: Sendable {
    /// The configured name of the directory.
    var name: String { get }

    /// Looks for the one person of this login name.
    /// - Parameters:
    ///   - loginName: The login name.
    ///   - provider: The configured name of the provider on whose behalf this is asked; it goes into the identity.
    ///   - deadline: When to give up.
    /// - Returns: The person's identity, or nil if the directory knows nobody of that name.
    /// - Throws: `Outage` if the directory could not say, or found two.
    func identity(
        forLoginName loginName: String,
        provider: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> Identity?

    /// Looks at the account of a person again, without the password.
    /// - Parameters:
    ///   - identity: An identity of this directory.
    ///   - deadline: When to give up.
    /// - Returns: Whether the account still stands.
    func standing(of identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding
}
