/// Writes values as TOML.
enum TOMLText {
    /// A basic string (TOML 1.0, "String"), with everything escaped that could be mistaken.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                // Invisible characters are escaped, so that what is shown is what is meant.
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: result += escape(scalar.value)
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    static func list(_ values: [String]) -> String {
        "[" + values.joined(separator: ", ") + "]"
    }

    /// A key, bare where that is allowed.
    static func key(_ key: String) -> String {
        let isBare = key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isBare && !key.isEmpty ? key : quoted(key)
    }

    /// A value as messages show it: quoted, and cut when it is long.
    static func shown(_ text: String) -> String {
        text.unicodeScalars.count > 80 ? quoted(String(text.prefix(80)) + "…") : quoted(text)
    }

    private static func escape(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        let width = value > 0xffff ? 8 : 4
        return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
    }
}
