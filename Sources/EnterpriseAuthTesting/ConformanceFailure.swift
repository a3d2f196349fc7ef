/// What a conformance suite found wrong.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    /// One sentence: what was expected and what there was.
    public let description: String

    /// Puts a failure together.
    /// - Parameter description: One sentence: what was expected and what there was.
    public init(_ description: String) {
        self.description = description
    }
}
