internal import TOMLReader

extension SchemaType {
    /// A list of values of one type; each element has a path and a place of its own.
    static func list<Element: Sendable>(
        of element: SchemaType<Element>,
        named name: String? = nil,
        example: String
    ) -> SchemaType where Value == [Element] {
        SchemaType(name ?? "list of \(element.name)s", range: element.range) { node, path, context in
            guard case .array(let nodes) = node.value else {
                context.wrongType(path, node, expected: "list", example: example)
                return nil
            }
            var values: [Element] = []
            for (index, node) in nodes.enumerated() {
                let path = "\(path)[\(index)]"
                context.note(path, key: node.span.start, value: node.span.start)
                if let value = element.read(node, path, &context) { values.append(value) }
            }
            return values.count == nodes.count ? values : nil
        } write: { values in
            TOMLText.list(values.compactMap(element.write))
        }
    }
}
