internal import TOMLReader

extension SchemaType<SecretSource> {
    /// Where a secret comes from.
    ///
    /// Nothing that might be the secret itself is ever part of a message.
    static var secret: SchemaType {
        SchemaType("secret source", range: "{ file = … }, { env = … } or { credential = … }") { node, path, context in
            guard case .table(let table) = node.value else {
                let message = "a secret may not stand in the file itself"
                let fix = "put it into a file of its own, mode 0600, and write { file = \"/path/to/it\" }"
                context.error(path, at: node.span.start, message, fix: fix)
                return nil
            }
            guard table.entries.count == 1, let entry = table.entries.first else {
                context.error(path, at: node.span.start, "needs exactly one source", fix: forms)
                return nil
            }
            return source(entry, path, &context)
        } write: {
            switch $0 {
            case .file(let path): "{ file = \(TOMLText.quoted(path)) }"
            case .environment(let name): "{ env = \(TOMLText.quoted(name)) }"
            case .credential(let name): "{ credential = \(TOMLText.quoted(name)) }"
            }
        }
    }

    private static var forms: String {
        "write { file = \"/path\" }, { env = \"NAME\" } or { credential = \"name\" }"
    }

    private static func source(
        _ entry: TOMLTable.Entry,
        _ path: String,
        _ context: inout DecodingContext
    ) -> SecretSource? {
        let place = entry.node.span.start
        let kinds = ["file", "env", "credential"]
        guard kinds.contains(entry.key) else {
            let near = EditDistance.nearest(to: entry.key, among: kinds).map { "did you mean `\($0)`?" }
            context.unknownKey("\(path).\(TOMLText.key(entry.key))", at: entry.keySpan.start, fix: near ?? forms)
            return nil
        }
        context.note("\(path).\(entry.key)", key: entry.keySpan.start, value: place)
        guard case .string(let text) = entry.node.value else {
            context.wrongType("\(path).\(entry.key)", entry.node, expected: "string", example: forms)
            return nil
        }
        switch entry.key {
        case "file" where text.hasPrefix("/") && !text.utf8.contains(0): return .file(text)
        case "env" where isVariableName(text): return .environment(text)
        case "credential" where isPlainName(text): return .credential(text)
        default:
            let needed = ["file": "an absolute path", "env": "the name of a variable"][entry.key]
            let message = "must be \(needed ?? "the name of a credential"), not the secret itself"
            context.error("\(path).\(entry.key)", at: place, message, fix: forms)
            return nil
        }
    }

    // Capitals as usual for variables (POSIX, section 8.1): a password is seldom one.
    private static func isVariableName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
