internal import TOMLReader

extension SchemaType<Bool> {
    static var boolean: SchemaType {
        SchemaType("boolean", range: "true or false") { node, path, context in
            guard case .boolean(let value) = node.value else {
                context.wrongType(path, node, expected: "boolean", example: "true")
                return nil
            }
            return value
        } write: {
            $0 ? "true" : "false"
        }
    }
}

extension SchemaType where Value: FixedWidthInteger {
    static func integer(_ range: ClosedRange<Value>) -> SchemaType {
        SchemaType("integer", range: "\(range.lowerBound) to \(range.upperBound)") { node, path, context in
            guard case .integer(let value) = node.value else {
                context.wrongType(path, node, expected: "integer", example: "\(range.lowerBound)")
                return nil
            }
            guard let result = Value(exactly: value), range.contains(result) else {
                let limits = "between \(range.lowerBound) and \(range.upperBound)"
                context.error(path, at: node.span.start, "\(value) is out of range", fix: "give a number \(limits)")
                return nil
            }
            return result
        } write: {
            "\($0)"
        }
    }
}

extension SchemaType where Value: RawRepresentable<String> & CaseIterable {
    /// One of the cases of an enumeration.
    static var choice: SchemaType {
        let words = Value.allCases.map(\.rawValue)
        let list = words.map(TOMLText.quoted).joined(separator: ", ")
        return .text("word", range: "one of \(list)", example: TOMLText.quoted(words.first ?? "")) {
            text throws(ValueMistake) in
            guard let value = Value(rawValue: text) else {
                let near = EditDistance.nearest(to: text, among: words).map { "did you mean \(TOMLText.quoted($0))?" }
                throw ValueMistake("\(TOMLText.shown(text)) is not known here", fix: near ?? "write one of \(list)")
            }
            return value
        } text: {
            $0.rawValue
        }
    }
}

extension SchemaType<String> {
    /// Text of a form that `check` demands; it returns what is wrong, or nil.
    static func string(
        _ name: String,
        range: String = "",
        example: String,
        check: @escaping @Sendable (String) -> String?
    ) -> SchemaType {
        .text(name, range: range, example: TOMLText.quoted(example)) { text throws(ValueMistake) in
            if let wrong = check(text) {
                throw ValueMistake(
                    "\(TOMLText.shown(text)) \(wrong)",
                    fix: "write for example \(TOMLText.quoted(example))"
                )
            }
            return text
        } text: {
            $0
        }
    }

    /// An absolute path.
    ///
    /// A relative one would mean another file for each directory that the program is started in.
    static func path(example: String) -> SchemaType {
        .string("path", range: "absolute", example: example) { text in
            if !text.hasPrefix("/") { return "is not an absolute path" }
            return text.utf8.contains(0) ? "has a NUL in it" : nil
        }
    }

    /// A name of something in the file itself, or of a file in a fixed directory.
    static func name(_ kind: String, example: String) -> SchemaType {
        .string(kind, example: example) { text in
            isPlainName(text) ? nil : "is no name: letters, digits, “-”, “_” and “.” are allowed"
        }
    }
}

/// Whether a text can be a provider's, directory's or service's name: part of a `UserID` and of a path.
func isPlainName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text != "." && text != ".."
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
}
