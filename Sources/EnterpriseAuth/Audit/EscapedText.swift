/// Texts of others on their way to a person, a log (OWASP ASVS 16.4.1) or a file.
enum EscapedText {
    /// How a character is written that cannot stand for itself.
    enum Notation {
        /// As in a JSON string (RFC 8259 section 7): UTF-16 code units.
        case json
        /// As in a basic string of TOML 1.0: the code point.
        case toml
    }

    /// Escapes everything that could end a line or the string itself, hide text, or turn its direction around.
    /// - Parameters:
    ///   - text: Any text.
    ///   - notation: How it is escaped.
    /// - Returns: What stands between the quotation marks.
    static func escaped(_ text: String, as notation: Notation) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            default: escaped += isHarmless(scalar) ? String(scalar) : hexadecimal(scalar, notation)
            }
        }
        return escaped
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, _ notation: Notation) -> String {
        switch notation {
        case .toml where scalar.value > 0xFFFF: "\\U" + digits(scalar.value, 8)
        case .toml, .json: String(scalar).utf16.map { "\\u" + digits(UInt32($0), 4) }.joined()
        }
    }

    private static func digits(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
