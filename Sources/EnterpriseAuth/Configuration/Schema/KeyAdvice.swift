/// What to say about a key that a table does not have.
enum KeyAdvice {
    /// The nearest key of the same table, or the table that has the key, or the keys that there are.
    static func fix(for key: String, at path: String, among keys: [String]) -> String {
        if let near = EditDistance.nearest(to: key, among: keys) {
            return "did you mean `\(near)`?"
        }
        let homes = ConfigurationSchema.outlines.filter { outline in
            !outline.path.isEmpty && outline.rows.contains { $0.key == key }
        }
        if let home = nearest(homes, to: path) {
            return "`\(key)` belongs in \(header(home, at: path))"
        }
        return "known here: " + keys.map { "`\($0)`" }.joined(separator: ", ")
    }

    // The header with the name that the key's own table has, where both are about the same thing.
    private static func header(_ outline: SchemaOutline, at path: String) -> String {
        let here = path.split(separator: ".")
        let index = outline.path.split(separator: ".").firstIndex(of: "NAME")
        guard let index, index < here.count, shared(outline, here) > index else { return outline.header }
        return outline.header.replacing("NAME", with: here[index], maxReplacements: 1)
    }

    // The table that shares most of its path with the one where the key stood; below it rather than beside it.
    private static func nearest(_ outlines: [SchemaOutline], to path: String) -> SchemaOutline? {
        let here = path.split(separator: ".")
        return outlines.max { left, right in shared(left, here) < shared(right, here) }
    }

    private static func shared(_ outline: SchemaOutline, _ here: [Substring]) -> Int {
        zip(outline.path.split(separator: "."), here).prefix { $0 == $1 || $0 == "NAME" }.count
    }
}
