/// Why a portal cannot be put together.
public struct PortalProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in one sentence.
    public let description: String

    /// Makes a problem.
    /// - Parameter description: What is wrong.
    public init(_ description: String) {
        self.description = description
    }
}
