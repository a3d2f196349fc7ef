/// A message for the next page that the person sees: Flask's `flash`.
public struct FlashMessage: Sendable, Hashable, Codable {
    /// What to say.
    ///
    /// It is plain text: templates must escape it.
    public let text: String

    /// What kind of message it is, for the page's looks; `message` unless something else is said.
    public let category: String

    /// Makes a message.
    /// - Parameters:
    ///   - text: What to say.
    ///   - category: What kind of message it is.
    public init(_ text: String, category: String = "message") {
        self.text = text
        self.category = category
    }
}
