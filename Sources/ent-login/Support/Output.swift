internal import FoundationEssentials
internal import HostSystem

/// Writes answers: text for people, or one JSON object a line for programs.
struct Output {
    let isJSON: Bool
    let isColoured: Bool

    init(_ options: GlobalOptions) {
        isJSON = options.json
        isColoured = !options.noColor && Self.isColourWelcome
    }

    /// Whether both streams are terminals that take colour, and nobody set `NO_COLOR` (no-color.org).
    private static var isColourWelcome: Bool {
        let environment = ProcessInfo.processInfo.environment
        return StandardStream.output.isTerminal && StandardStream.error.isTerminal
            && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// Writes an answer.
    /// - Parameter answer: What a command found out.
    /// - Throws: `HostError` if it could not be written.
    func show(_ answer: Answer) throws {
        guard !isJSON else { return try StandardStream.output.write(Self.json(answer.json)) }
        // Notes first: who reads both streams sees the reason before the rest.
        try StandardStream.error.write(answer.notes.map(text(of:)).joined())
        try StandardStream.output.write(answer.lines.map(text(of:)).joined())
    }

    /// One line of JSON: keys in snake case, sorted, so that the same answer is the same text.
    /// - Parameter value: What to encode.
    /// - Returns: The line with its end.
    /// - Throws: `EncodingError`.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    private func text(of line: Answer.Line) -> String {
        let text = PlainText.escaped(line.text)
        let colour: String? =
            switch line.role {
            case .plain: nil
            case .heading: "1"
            case .faint: "2"
            case .bad: "31"
            case .good: "32"
            case .doubtful: "33"
            }
        guard isColoured, let colour else { return text + "\n" }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m\n"
    }
}
