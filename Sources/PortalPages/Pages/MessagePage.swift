/// A text, and perhaps a way on: errors, and what is left to say at the end.
public struct MessagePage: Page {
    /// The key of the heading among the phrases.
    public var title: String
    /// The text.
    public var text: String
    /// What one could do.
    public var advice: String?
    /// A way on: where it leads, and the key of its text.
    public var link: (target: String, key: String)?
    /// What helps to find the request in the log.
    public var reference: String?

    /// Makes a message.
    /// - Parameters:
    ///   - title: The key of the heading among the phrases.
    ///   - text: The text.
    public init(title: String, text: String) {
        self.title = title
        self.text = text
    }

    /// The message page.
    public var template: PageTemplate { .message }

    /// The heading.
    /// - Parameter phrases: The language.
    /// - Returns: The text.
    public func heading(_ phrases: Phrases) -> String { phrases.text(title) }

    /// What the template asks for.
    /// - Parameter phrases: The language.
    /// - Returns: Values by the names in the template.
    public func fields(_ phrases: Phrases) -> [String: Any] {
        var fields: [String: Any] = ["text": text]
        fields["advice"] = advice
        fields["link"] = link.map { ["target": $0.target, "text": phrases.text($0.key)] }
        fields["reference"] = reference.map { phrases.text("reference", ["id": $0]) }
        return fields
    }
}
