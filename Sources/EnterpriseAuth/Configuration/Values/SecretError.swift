/// Why a secret could not be fetched.
public struct SecretError: Error, Sendable, Hashable {
    /// Where the secret should have come from.
    public var source: SecretSource
    /// What is wrong, without a full stop, and without a trace of the secret.
    public var reason: String

    /// Makes an error.
    /// - Parameters:
    ///   - source: Where the secret should have come from.
    ///   - reason: What is wrong.
    public init(_ source: SecretSource, _ reason: String) {
        self.source = source
        self.reason = reason
    }
}

extension SecretError: CustomStringConvertible {
    /// The source and what is wrong with it.
    public var description: String {
        "\(source): \(reason)"
    }
}
