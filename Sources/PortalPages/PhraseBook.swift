/// The languages that the pages can be shown in.
public struct PhraseBook: Sendable {
    private let languages: [String: Phrases]

    /// Takes languages beside those that come with the program; one of the same tag replaces it.
    /// - Parameter more: The further languages.
    public init(_ more: [Phrases] = []) {
        var languages: [String: Phrases] = [:]
        for phrases in [.english] + Phrases.others + more { languages[phrases.language.lowercased()] = phrases }
        self.languages = languages
    }

    /// The tags of all languages.
    public var tags: [String] { languages.values.map(\.language).sorted() }

    /// The language that a browser likes best (RFC 9110, section 12.5.4; RFC 4647, section 3.4).
    /// - Parameter header: The Accept-Language header; nil if there is none.
    /// - Returns: The best language that there is; English if none fits.
    public func phrases(accepting header: String?) -> Phrases {
        for range in Self.ranges(header ?? "") {
            var subtags = range.split(separator: "-")[...]
            while !subtags.isEmpty {
                if let phrases = languages[subtags.joined(separator: "-")] { return phrases }
                subtags.removeLast()
            }
        }
        return .english
    }

    /// The ranges in the order of their weights, lower case; those with weight 0 and nonsense are left out.
    private static func ranges(_ header: String) -> [String] {
        let weighed = header.split(separator: ",").prefix(20).compactMap { item -> (String, Double)? in
            let parts = item.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            guard let range = parts.first, !range.isEmpty else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return weight > 0 ? (range, weight) : nil
        }
        return weighed.enumerated().sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }.map(\.element.0)
    }
}
