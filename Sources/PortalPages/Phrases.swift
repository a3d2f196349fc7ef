internal import TOMLReader

/// The texts of the pages in one language.
public struct Phrases: Sendable, Equatable {
    /// The language's tag (RFC 5646), such as `en` or `pt-BR`.
    public let language: String

    /// All texts by their keys.
    let texts: [String: String]

    /// The texts that come with the program.
    public static let english = builtIn(PackageResources.en_toml)
    /// The other languages that come with the program.
    static let others = [builtIn(PackageResources.de_toml), builtIn(PackageResources.fr_toml)]

    /// Reads a file of texts; what it does not say is said in English.
    /// - Parameters:
    ///   - bytes: The file: TOML, one string a key, the keys being those of the English file.
    ///   - fallback: Who says what the file does not.
    /// - Throws: `TOMLError` if it is no TOML, `PhraseProblems` with everything else that is wrong.
    public init(_ bytes: [UInt8], fallback: Phrases = .english) throws {
        let table = try TOMLReader.read(bytes)
        var texts = fallback.texts
        var problems: [String] = []
        for entry in table.entries {
            let place = "\(entry.keySpan.start.line):\(entry.keySpan.start.column)"
            guard case .string(let text) = entry.node.value else {
                problems.append("\(place): \(entry.key) must be a string")
                continue
            }
            guard let model = fallback.texts[entry.key] else {
                problems.append("\(place): there is no text “\(entry.key)”")
                continue
            }
            let missing = Self.places(in: model).subtracting(Self.places(in: text)).sorted()
            let unknown = Self.places(in: text).subtracting(Self.places(in: model)).sorted()
            problems += missing.map { "\(place): \(entry.key) lacks {\($0)}" }
            problems += unknown.map { "\(place): \(entry.key) has {\($0)}, which nothing is known for" }
            texts[entry.key] = text
        }
        if table.entry("language") == nil { problems.append("1:1: language is missing, such as language = \"nl\"") }
        guard problems.isEmpty else { throw PhraseProblems(problems) }
        self.texts = texts
        language = texts["language", default: "en"]
    }

    private init(language: String, texts: [String: String]) {
        (self.language, self.texts) = (language, texts)
    }

    /// Whether the language is written from right to left.
    var direction: String { texts["direction", default: "ltr"] }

    /// A text with what is known put in its places.
    /// - Parameters:
    ///   - key: Which text.
    ///   - values: What stands in the places, by their names without braces.
    /// - Returns: The text; the key itself if there is none, so that a mistake can be seen.
    public func text(_ key: String, _ values: [String: String] = [:]) -> String {
        guard let text = texts[key] else { return key }
        // In one pass: what is put in may itself look like a place.
        return text.replacing(Self.place) { match in values[String(match.output.1)] ?? String(match.output.0) }
    }

    private static var place: Regex<(Substring, Substring)> { /\{([a-z]+)\}/ }

    private static func places(in text: String) -> Set<String> {
        Set(text.matches(of: place).map { String($0.output.1) })
    }

    /// A file that comes with the program; tests see that it can be read.
    private static func builtIn(_ bytes: [UInt8]) -> Phrases {
        var texts: [String: String] = [:]
        for entry in (try? TOMLReader.read(bytes))?.entries ?? [] {
            if case .string(let text) = entry.node.value { texts[entry.key] = text }
        }
        return Phrases(language: texts["language", default: "en"], texts: texts)
    }
}
