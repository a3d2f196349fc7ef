internal import TOMLReader

extension SchemaTable {
    /// Hands each table of `[key.NAME]` to `body`, with its name and path.
    static func forEachNamed(
        _ entry: TOMLTable.Entry,
        _ path: String,
        _ context: inout DecodingContext,
        body: (_ name: String, _ path: String, TOMLTable, inout DecodingContext) -> Void
    ) {
        guard let tables = entry.table(path, &context) else { return }
        for child in tables.entries {
            let path = joined(path, child.key)
            context.note(path, key: child.keySpan.start, value: child.node.span.start)
            guard isPlainName(child.key) else {
                let message = "is no name: letters, digits, “-”, “_” and “.” are allowed"
                context.error(
                    path,
                    at: child.keySpan.start,
                    message,
                    fix: "choose a plain name of at most 64 characters"
                )
                continue
            }
            if let table = child.table(path, &context) { body(child.key, path, table, &context) }
        }
    }
}
