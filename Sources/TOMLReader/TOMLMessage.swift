/// Makes toml++'s messages fit for a person and safe to show.
///
/// toml++ quotes what it read, and what it read may be a password that lacks its quotes: more than one character of a
/// value is never passed on. Keys are.
enum TOMLMessage {
    static func readable(_ message: String) -> String {
        let prefix = "Error while parsing "
        let body = message.hasPrefix(prefix) ? message.dropFirst(prefix.count) : message[...]
        if body.hasSuffix("could not determine value type") {
            return "not a TOML value; text needs double quotes"
        }
        if body.contains("maximum nested value depth") || body == "nested too deep" {
            return "nested deeper than \(TOMLReader.maximumDepth) levels"
        }
        let namesKeys = body.contains("cannot redefine") || body.contains("cannot insert")
        return printable(namesKeys ? String(body) : withoutValues(body))
    }

    private static func withoutValues(_ body: Substring) -> String {
        if let saw = body.firstRange(of: ", saw '") {
            let seen = body[saw.upperBound...].dropLast()
            return seen.unicodeScalars.count > 1 ? String(body[..<saw.lowerBound]) : String(body)
        }
        let quotesAValue = ["' could not be interpreted", "' is not representable", "to interpret '"]
        guard quotesAValue.contains(where: { body.contains($0) }), let open = body.firstIndex(of: "'"),
            let close = body.lastIndex(of: "'")
        else { return String(body) }
        return body[..<open] + "the value" + body[body.index(after: close)...]
    }

    private static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
