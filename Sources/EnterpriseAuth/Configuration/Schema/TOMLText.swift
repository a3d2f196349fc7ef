/// Writes values as TOML.
enum TOMLText {
    /// A basic string (TOML 1.0, "String"), with everything escaped that could be mistaken.
    static func quoted(_ text: String) -> String {
        "\"" + EscapedText.escaped(text, as: .toml) + "\""
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
}
