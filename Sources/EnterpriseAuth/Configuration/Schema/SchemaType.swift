internal import TOMLReader

/// How one kind of value is read, written and described: the smallest part of the schema.
struct SchemaType<Value: Sendable>: Sendable {
    /// What a person calls it: "duration".
    let name: String
    /// What is allowed, "100ms to 5m" for instance; empty if the name says all.
    let range: String
    /// Makes the value of a node, or records why not and returns nil.
    let read: @Sendable (TOMLNode, _ path: String, inout DecodingContext) -> Value?
    /// The value as TOML; nil if it is one that the file leaves out.
    let write: @Sendable (Value) -> String?

    init(
        _ name: String,
        range: String = "",
        read: @escaping @Sendable (TOMLNode, String, inout DecodingContext) -> Value?,
        write: @escaping @Sendable (Value) -> String?
    ) {
        self.name = name
        self.range = range
        self.read = read
        self.write = write
    }
}

extension SchemaType {
    /// The same for a place that may be empty; what is written in the file never is.
    var orNothing: SchemaType<Value?> {
        SchemaType<Value?>(name, range: range) { node, path, context in
            read(node, path, &context).map(Optional.some)
        } write: {
            $0.flatMap(write)
        }
    }

    /// A type whose values are strings of some form.
    ///
    /// - Parameters:
    ///   - name: What a person calls it.
    ///   - range: What is allowed.
    ///   - example: A value to show when there is something else than a string.
    ///   - parse: Makes the value, or says what is wrong.
    ///   - text: The value as a string.
    /// - Returns: The type.
    static func text(
        _ name: String,
        range: String = "",
        example: String,
        parse: @escaping @Sendable (String) throws(ValueMistake) -> Value,
        text: @escaping @Sendable (Value) -> String
    ) -> SchemaType {
        SchemaType(name, range: range) { node, path, context in
            guard case .string(let string) = node.value else {
                context.wrongType(path, node, expected: name, example: example)
                return nil
            }
            do throws(ValueMistake) {
                return try parse(string)
            } catch {
                let place = node.position(ofByte: error.offset, in: string)
                context.error(path, at: place, error.message, fix: error.fix)
                return nil
            }
        } write: {
            TOMLText.quoted(text($0))
        }
    }
}

extension TOMLNode {
    /// Where a byte of a string stands; the string's own place if it was written with escapes or on several lines.
    fileprivate func position(ofByte offset: Int, in string: String) -> TOMLPosition {
        let scalars = string.unicodeScalars
        guard span.start.line == span.end.line, span.end.column - span.start.column == scalars.count + 2,
            let index = string.utf8.index(string.startIndex, offsetBy: offset, limitedBy: string.endIndex), offset > 0
        else { return span.start }
        let column = span.start.column + 1 + scalars[..<index].count
        return TOMLPosition(line: span.start.line, column: column)
    }
}

extension DecodingContext {
    /// Records that a value has another type than the key needs.
    ///
    /// The value itself is not shown: it may stand in the wrong place because it is a secret.
    mutating func wrongType(_ path: String, _ node: TOMLNode, expected: String, example: String) {
        let message = "must be \(withArticle(expected)), not \(withArticle(node.typeName))"
        error(path, at: node.span.start, message, fix: "write for example \(example)")
    }
}

/// The noun with "a" or "an".
func withArticle(_ noun: String) -> String {
    ("aeio".contains(noun.first ?? "b") || noun.hasPrefix("LDAP") ? "an " : "a ") + noun
}
