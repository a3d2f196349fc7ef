/// A configuration that can be used, and what is doubtful about it.
public struct LoadedConfiguration: Sendable {
    /// The configuration.
    public var configuration: LoginConfiguration
    /// What can be used and probably does not do what was meant, in the order of the file.
    public var warnings: [ConfigurationProblem]

    /// Makes a result.
    /// - Parameters:
    ///   - configuration: The configuration.
    ///   - warnings: What is doubtful about it.
    public init(configuration: LoginConfiguration, warnings: [ConfigurationProblem]) {
        self.configuration = configuration
        self.warnings = warnings
    }
}
