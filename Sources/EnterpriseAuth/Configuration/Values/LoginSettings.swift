/// `[login]`: which providers are asked, and within what time.
public struct LoginSettings: Sendable, Equatable {
    /// The names of the providers, in the order in which they are asked.
    public var providers: [String]
    /// The time for one whole login: every provider, server, retry and group look-up.
    public var deadline: Duration = .seconds(10)
    /// When refusals are answered, counted from the start of the login, so that all of them look alike.
    public var refusalTime: Duration = .milliseconds(500)
    /// What a provider's outage does to the rest of the chain.
    public var onOutage: OutagePolicy = .stop

    /// Makes settings with the default times.
    /// - Parameter providers: The names of the providers, in the order in which they are asked.
    public init(providers: [String]) {
        self.providers = providers
    }
}
