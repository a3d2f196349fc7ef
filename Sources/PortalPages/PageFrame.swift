/// What stands around the content of a page.
public struct PageFrame: Sendable {
    /// The language.
    public var phrases: Phrases
    /// The URL of the style sheet.
    public var style: String
    /// The URL of the icon.
    public var icon: String
    /// Who is logged in, as the person is called; nil for a visitor.
    public var person: String?
    /// What has just happened.
    public var notices: [Notice]

    /// Makes a frame.
    /// - Parameters:
    ///   - phrases: The language.
    ///   - style: The URL of the style sheet.
    ///   - icon: The URL of the icon.
    ///   - person: Who is logged in, as the person is called.
    ///   - notices: What has just happened.
    public init(phrases: Phrases, style: String, icon: String, person: String? = nil, notices: [Notice] = []) {
        self.phrases = phrases
        self.style = style
        self.icon = icon
        self.person = person
        self.notices = notices
    }
}
