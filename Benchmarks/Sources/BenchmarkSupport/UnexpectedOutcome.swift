/// A login that should have ended otherwise: a benchmark of failures says nothing.
public struct UnexpectedOutcome: Error, CustomStringConvertible {
    /// What happened instead.
    public let description: String

    /// Says what happened instead.
    public init(description: String) {
        self.description = description
    }
}
