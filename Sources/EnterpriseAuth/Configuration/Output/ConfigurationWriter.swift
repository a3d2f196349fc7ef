/// Writes a configuration as TOML, by the schema.
struct ConfigurationWriter {
    /// Who reads the result.
    enum Style {
        /// An operator who wants to know what holds: every value, no comments but for what is not set.
        case effective
        /// An operator who fills a form: every key explained, those with a default commented out.
        case template
    }

    let style: Style
    private(set) var lines: [String] = []

    init(_ style: Style) {
        self.style = style
    }

    /// Everything that was written, ending with a line end.
    var text: String {
        lines.joined(separator: "\n") + "\n"
    }

    /// Writes one table and everything below it.
    mutating func table<Root>(
        _ section: SchemaSection<Root>,
        _ root: Root,
        defaults: Root,
        header: String,
        isListed: Bool = false,
        first: [String] = []
    ) {
        if !header.isEmpty {
            blankLine()
            if style == .template { comment(section.text) }
            lines.append(isListed ? "[[\(header)]]" : "[\(header)]")
        }
        lines += first
        for field in section.fields {
            write(field, root, defaults: defaults)
        }
        for table in section.tables {
            table.write(root, joined(header, table.key), &self)
        }
    }

    /// Shows a table that is not there: in a template as comments, otherwise not at all.
    mutating func absentTable<Root>(_ section: SchemaSection<Root>, header: String, isListed: Bool = false) {
        guard style == .template else { return }
        blankLine()
        comment(section.text)
        lines.append(isListed ? "# [[\(header)]]" : "# [\(header)]")
        for field in section.fields {
            explain(field)
            lines.append("# \(field.key) = \(field.shownExample(section.defaults))")
        }
        for table in section.tables {
            table.write(section.defaults, joined(header, table.key), &self)
        }
    }

    private mutating func write<Root>(_ field: SchemaField<Root>, _ root: Root, defaults: Root) {
        let value = field.write(root)
        switch style {
        case .effective:
            lines.append(value.map { "\(field.key) = \($0)" } ?? "# \(field.key) is not set")
        case .template:
            explain(field)
            if let value, field.isRequired || value != field.write(defaults) {
                lines.append("\(field.key) = \(value)")
            } else {
                lines.append("# \(field.key) = \(value ?? field.example ?? "…")")
            }
        }
    }

    private mutating func explain<Root>(_ field: SchemaField<Root>) {
        blankLine(unlessAfterHeader: true)
        comment(field.summary)
        let form = field.range.isEmpty ? field.type : "\(field.type): \(field.range)"
        let note = field.isRequired ? "; required" : field.defaultNote.map { "; default: \($0)" } ?? ""
        comment("  " + form + note)
    }

    mutating func blankLine(unlessAfterHeader: Bool = false) {
        if unlessAfterHeader, let last = lines.last, last.hasPrefix("[") || last.hasPrefix("# [") { return }
        if let last = lines.last, !last.isEmpty { lines.append("") }
    }

    /// Writes a comment, broken between words at a hundred columns.
    mutating func comment(_ text: String) {
        let start = "#" + text.prefix { $0 == " " }
        var line = start
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > 100 {
                lines.append(line)
                line = start
            }
            line += " " + word
        }
        lines.append(line)
    }
}
