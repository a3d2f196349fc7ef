/// Why a provider may not be used: its answers could not be trusted, or it can never answer.
public struct ProviderStartFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The configured name of the provider.
    public let provider: String

    /// What is wrong, with the file or server it is wrong in.
    public let problem: String

    /// What to do about it.
    public let fix: String

    /// Whether waiting may help: true for an outage, false for a mistake in the configuration.
    public let isTemporary: Bool

    /// Puts a failure together.
    /// - Parameters:
    ///   - provider: The configured name of the provider.
    ///   - problem: What is wrong.
    ///   - fix: What to do about it.
    ///   - isTemporary: Whether waiting may help.
    public init(provider: String, problem: String, fix: String, isTemporary: Bool = false) {
        self.provider = provider
        self.problem = problem
        self.fix = fix
        self.isTemporary = isTemporary
    }

    /// One line: who, what, and the fix.
    public var description: String { "provider \(provider): \(problem) (\(fix))" }
}
