/// The content of a page; `PageRenderer` puts the frame around it.
public protocol Page: Sendable {
    /// Which template shows it.
    var template: PageTemplate { get }

    /// Its heading, which is the title too.
    /// - Parameter phrases: The language.
    /// - Returns: The text.
    func heading(_ phrases: Phrases) -> String

    /// What the template asks for.
    /// - Parameter phrases: The language.
    /// - Returns: Values by the names in the template.
    func fields(_ phrases: Phrases) -> [String: Any]
}
