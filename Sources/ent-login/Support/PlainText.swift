/// Makes texts from elsewhere (names in a directory, what was typed) safe to show.
enum PlainText {
    /// A text without control characters, line separators and characters that turn the direction of writing.
    ///
    /// So nobody can forge a log line or steer a terminal with a name (OWASP ASVS 16.4.1).
    /// - Parameter text: Any text.
    /// - Returns: The text with those characters written as `\u{…}`.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A text as one word, in quotation marks where it would not be one.
    static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
        guard !isPlain else { return escaped(text) }
        return "\"" + escaped(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")) + "\""
    }
}
