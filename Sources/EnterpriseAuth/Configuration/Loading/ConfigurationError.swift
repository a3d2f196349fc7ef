/// Why a configuration cannot be used: everything that is wrong with it, in the order of the file.
public struct ConfigurationError: Error, Sendable, Hashable {
    /// The errors, and the warnings that came up beside them.
    public var problems: [ConfigurationProblem]

    /// Makes an error.
    /// - Parameter problems: What is wrong; at least one of it an error.
    public init(problems: [ConfigurationProblem]) {
        self.problems = problems
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// One problem a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
