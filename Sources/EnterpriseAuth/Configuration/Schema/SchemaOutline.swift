/// What the reference says about one table, without its Swift types.
struct SchemaOutline: Sendable {
    struct Row: Sendable {
        let key: String
        let type: String
        let range: String
        /// As TOML, or a phrase.
        let standard: String
        let summary: String
        let since: String
    }

    /// The header as it stands in the file, NAME standing for a name of the operator's choice.
    let header: String
    /// The path without brackets.
    let path: String
    let text: String
    let rows: [Row]

    /// A section and everything below it.
    static func of<Root>(
        _ section: SchemaSection<Root>,
        header: String,
        path: String,
        leading: [Row] = []
    ) -> [SchemaOutline] {
        let rows =
            leading
            + section.fields.map { field in
                let standard = field.defaultNote ?? field.write(section.defaults).map { "`\($0)`" } ?? "none"
                return Row(
                    key: field.key,
                    type: field.type,
                    range: field.range,
                    standard: field.isRequired ? "required" : standard,
                    summary: field.summary,
                    since: field.since
                )
            }
        let own = SchemaOutline(header: header, path: path, text: section.text, rows: rows)
        return [own] + section.tables.flatMap { $0.outline(joined(path, $0.key)) }
    }
}
