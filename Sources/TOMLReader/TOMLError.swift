/// Why a text is not TOML, or not one that this reader takes.
public struct TOMLError: Error, Sendable, Hashable {
    /// Where in the text.
    public var position: TOMLPosition
    /// What is wrong there, without the text of any value: it might be a secret.
    public var message: String

    /// Makes an error.
    /// - Parameters:
    ///   - position: Where in the text.
    ///   - message: What is wrong there.
    public init(position: TOMLPosition, message: String) {
        self.position = position
        self.message = message
    }
}

extension TOMLError: CustomStringConvertible {
    /// `line:column: message`.
    public var description: String { "\(position): \(message)" }
}
