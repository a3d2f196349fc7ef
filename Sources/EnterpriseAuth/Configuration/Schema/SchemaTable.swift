internal import TOMLReader

/// A key of a table whose value is a table, a list of tables, or tables by name.
struct SchemaTable<Root: Sendable>: Sendable {
    /// The key in the file.
    let key: String
    /// Takes the table into the root.
    ///
    /// Only called if the file has the key.
    let read: @Sendable (TOMLTable.Entry, _ path: String, inout Root, inout DecodingContext) -> Void
    /// Writes the table with everything below it.
    let write: @Sendable (Root, _ path: String, inout ConfigurationWriter) -> Void
    /// What the reference says about the table and everything below it.
    let outline: @Sendable (_ path: String) -> [SchemaOutline]
}

extension SchemaTable {
    /// A table that is always there, with its defaults if the file does not have it.
    static func table<Child: Sendable>(
        _ key: String,
        _ target: any WritableKeyPath<Root, Child> & Sendable,
        _ section: SchemaSection<Child>,
        defaults: (@Sendable (Root) -> Child)? = nil
    ) -> SchemaTable {
        SchemaTable(key: key) { entry, path, root, context in
            guard let table = entry.table(path, &context) else { return }
            section.read(table, at: path, into: &root[keyPath: target], &context)
        } write: { root, path, writer in
            writer.table(section, root[keyPath: target], defaults: defaults?(root) ?? section.defaults, header: path)
        } outline: { path in
            SchemaOutline.of(section, header: "[\(path)]", path: path)
        }
    }

    /// A table that may be missing altogether.
    static func optional<Child: Sendable>(
        _ key: String,
        _ target: any WritableKeyPath<Root, Child?> & Sendable,
        _ section: SchemaSection<Child>
    ) -> SchemaTable {
        SchemaTable(key: key) { entry, path, root, context in
            guard let table = entry.table(path, &context) else { return }
            var child = section.defaults
            section.read(table, at: path, into: &child, &context)
            root[keyPath: target] = child
        } write: { root, path, writer in
            if let child = root[keyPath: target] {
                writer.table(section, child, defaults: section.defaults, header: path)
            } else {
                writer.absentTable(section, header: path)
            }
        } outline: { path in
            SchemaOutline.of(section, header: "[\(path)]", path: path)
        }
    }

    /// A list of tables, written as `[[key]]`.
    static func list<Child: Sendable>(
        _ key: String,
        _ target: any WritableKeyPath<Root, [Child]> & Sendable,
        _ section: SchemaSection<Child>
    ) -> SchemaTable {
        SchemaTable(key: key) { entry, path, root, context in
            guard case .array(let nodes) = entry.node.value else {
                context.wrongType(path, entry.node, expected: "list of tables", example: "[[\(path)]]")
                return
            }
            for (index, node) in nodes.enumerated() {
                let path = "\(path)[\(index)]"
                context.note(path, key: node.span.start, value: node.span.start)
                guard case .table(let table) = node.value else {
                    context.wrongType(path, node, expected: "table", example: "[[\(entry.key)]]")
                    continue
                }
                var child = section.defaults
                section.read(table, at: path, into: &child, &context)
                root[keyPath: target].append(child)
            }
        } write: { root, path, writer in
            for child in root[keyPath: target] {
                writer.table(section, child, defaults: section.defaults, header: path, isListed: true)
            }
            if root[keyPath: target].isEmpty { writer.absentTable(section, header: path, isListed: true) }
        } outline: { path in
            SchemaOutline.of(section, header: "[[\(path)]]", path: path)
        }
    }
}

extension TOMLTable.Entry {
    /// The entry's value as a table, or a recorded problem.
    func table(_ path: String, _ context: inout DecodingContext) -> TOMLTable? {
        guard case .table(let table) = node.value else {
            context.wrongType(path, node, expected: "table", example: "[\(path)] on a line of its own")
            return nil
        }
        return table
    }
}
