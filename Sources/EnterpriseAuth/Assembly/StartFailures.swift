/// Everything that keeps a login from starting, in one error.
public struct StartFailures: Error, Sendable, Hashable, CustomStringConvertible {
    /// The failures; at least one.
    public let failures: [StartFailure]

    /// Whether waiting may help with every one of them.
    public var isTemporary: Bool { failures.allSatisfy(\.isTemporary) }

    /// Puts failures together.
    /// - Parameter failures: At least one.
    public init(_ failures: [StartFailure]) {
        self.failures = failures
    }

    /// One line for each.
    public var description: String { failures.map(\.description).joined(separator: "\n") }
}
