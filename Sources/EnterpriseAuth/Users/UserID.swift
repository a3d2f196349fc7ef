/// Who a session belongs to, unique over all sources: `<source>:<value>`.
///
/// For people of a directory the source is the directory's name and the value its immutable id (entryUUID, objectGUID,
/// nsUniqueId); for local people of a PAM stack the source is the provider's name and the value the login name. So two
/// people of one name from two sources never share a session (OWASP ASVS 6.8.1). Doors treat it as opaque and compare
/// it byte by byte.
public struct UserID: Hashable, Sendable, RawRepresentable, CustomStringConvertible, Codable {
    /// The whole text, as stores keep it.
    public let rawValue: String

    /// Takes a text that was made by `init(source:value:)` before, or an application's own id.
    /// - Parameter rawValue: The whole text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Names a person of one source.
    /// - Parameters:
    ///   - source: The configured name of a directory or of a PAM provider; such names hold no colon.
    ///   - value: What that source calls the person for ever.
    public init(source: String, value: String) {
        rawValue = "\(source):\(value)"
    }

    /// The name of the directory or provider that the person comes from; empty if the text has none.
    public var source: String {
        guard let colon = rawValue.firstIndex(of: ":") else { return "" }
        return String(rawValue[..<colon])
    }

    /// What the source calls the person.
    public var value: String {
        guard let colon = rawValue.firstIndex(of: ":") else { return rawValue }
        return String(rawValue[rawValue.index(after: colon)...])
    }

    /// The whole text.
    public var description: String { rawValue }

    /// Compares byte by byte.
    ///
    /// Swift compares strings by canonical equivalence, under which two different ids could be one.
    /// - Parameters:
    ///   - lhs: One id.
    ///   - rhs: The other.
    /// - Returns: True if both have the same bytes.
    public static func == (lhs: UserID, rhs: UserID) -> Bool {
        let (left, right) = (lhs.rawValue.utf8.span, rhs.rawValue.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Hashes the text; ids that only canonical equivalence makes one have one hash and are two keys.
    /// - Parameter hasher: Takes the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rawValue)
    }
}
