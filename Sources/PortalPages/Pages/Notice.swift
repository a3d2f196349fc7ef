/// A line above the content of a page: what has just happened.
public struct Notice: Sendable, Equatable {
    /// How it is meant.
    public enum Kind: String, Sendable {
        /// Something did not work.
        case error
        /// Something has been done.
        case success
        /// Something worth knowing.
        case info
    }

    /// How it is meant.
    public let kind: Kind
    /// The text, for the person.
    public let text: String

    /// Makes a notice.
    /// - Parameters:
    ///   - kind: How it is meant.
    ///   - text: The text, for the person.
    public init(_ kind: Kind, _ text: String) {
        (self.kind, self.text) = (kind, text)
    }

    /// Errors are read out at once, the rest when the reader comes to it (WAI-ARIA 1.2, alert and status).
    var fields: [String: Any] { ["kind": kind.rawValue, "text": text, "isAlert": kind == .error] }
}
