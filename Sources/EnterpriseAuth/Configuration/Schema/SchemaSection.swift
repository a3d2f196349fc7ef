internal import TOMLReader

/// One table of the file: its keys, the tables below it, and what the reference says about it.
struct SchemaSection<Root: Sendable>: Sendable {
    /// What the table is for: whole sentences.
    let text: String
    /// A root with every default, for the reference.
    let defaults: Root
    let fields: [SchemaField<Root>]
    let tables: [SchemaTable<Root>]
    /// Keys that something else has taken already, such as `type`.
    let taken: Set<String>

    init(
        _ text: String,
        defaults: Root,
        fields: [SchemaField<Root>],
        tables: [SchemaTable<Root>] = [],
        taken: Set<String> = []
    ) {
        self.text = text
        self.defaults = defaults
        self.fields = fields
        self.tables = tables
        self.taken = taken
    }

    /// Every key that the table may have.
    var keys: [String] {
        taken.sorted() + fields.map(\.key) + tables.map(\.key)
    }

    /// Takes what the file says into the root.
    ///
    /// Each key that is known is used up; what is left over is an error.
    func read(_ table: TOMLTable, at path: String, into root: inout Root, _ context: inout DecodingContext) {
        for entry in table.entries where !taken.contains(entry.key) {
            let entryPath = joined(path, entry.key)
            context.note(entryPath, key: entry.keySpan.start, value: entry.node.span.start)
            if let field = fields.first(where: { $0.key == entry.key }) {
                field.read(entry.node, entryPath, &root, &context)
            } else if let table = tables.first(where: { $0.key == entry.key }) {
                table.read(entry, entryPath, &root, &context)
            } else {
                let fix = KeyAdvice.fix(for: entry.key, at: path, among: keys)
                context.unknownKey(entryPath, at: entry.keySpan.start, fix: fix)
            }
        }
        for field in fields where field.isRequired && table.entry(field.key) == nil {
            let example = field.shownExample(defaults)
            context.error(joined(path, field.key), "is missing", fix: "add \(field.key) = \(example)")
        }
    }
}

/// The path of a key below a table.
func joined(_ path: String, _ key: String) -> String {
    path.isEmpty ? TOMLText.key(key) : "\(path).\(TOMLText.key(key))"
}
