/// A text that should have been a URL, a name, a filter or a template, and is not.
///
/// The message is made for the person who wrote the text; it quotes nothing that could be a secret.
public struct LDAPSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the text was read as.
    public enum Subject: String, Sendable {
        /// An LDAP URL.
        case url = "LDAP URL"
        /// A distinguished name.
        case distinguishedName = "distinguished name"
        /// A search filter.
        case filter = "search filter"
        /// A template of a name or a filter.
        case template = "template"
        /// The name of an attribute.
        case attributeName = "attribute name"
    }

    /// What the text was read as.
    public let subject: Subject

    /// What is wrong, as one sentence without a full stop.
    public let message: String

    /// Where it is wrong, in UTF-8 bytes from the start of the text; zero if the whole text is meant.
    public let offset: Int

    /// Describes a fault in a text.
    /// - Parameters:
    ///   - subject: What the text was read as.
    ///   - message: What is wrong, without a full stop.
    ///   - offset: Where, in UTF-8 bytes from the start.
    public init(_ subject: Subject, _ message: String, at offset: Int = 0) {
        self.subject = subject
        self.message = message
        self.offset = offset
    }

    /// The fault in one line, with the position counted from one.
    public var description: String {
        "not a valid \(subject.rawValue): \(message) (at character \(offset + 1))"
    }
}
