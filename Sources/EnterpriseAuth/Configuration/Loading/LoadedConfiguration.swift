/// A configuration that can be used, and what is doubtful about it.
public struct LoadedConfiguration: Sendable {
    /// The configuration.
    public var configuration: LoginConfiguration
    /// What can be used and probably does not do what was meant, in the order of the file.
    public var warnings: [ConfigurationProblem]
    /// What is checked and has no effect in this version, in the order of the file.
    public var notes: [ConfigurationProblem]

    /// Makes a result.
    /// - Parameters:
    ///   - configuration: The configuration.
    ///   - warnings: What is doubtful about it.
    ///   - notes: What of it has no effect in this version.
    public init(
        configuration: LoginConfiguration,
        warnings: [ConfigurationProblem],
        notes: [ConfigurationProblem] = []
    ) {
        self.configuration = configuration
        self.warnings = warnings
        self.notes = notes
    }
}
