internal import CTOMLShim

/// Builds the tree from the items of the shim, which lie in pre-order.
@unsafe
struct TOMLItemCursor {
    let items: UnsafeBufferPointer<ctoml_item>
    var next = 0

    init(items: UnsafeBufferPointer<ctoml_item>) {
        unsafe self.items = items
    }

    /// Takes one item and everything below it.
    mutating func node() -> TOMLNode {
        let item = unsafe items[next]
        unsafe next += 1
        let span = unsafe TOMLSpan(start: TOMLPosition(item.begin), end: TOMLPosition(item.end))
        return unsafe TOMLNode(value(of: item), span: span)
    }

    private mutating func value(of item: ctoml_item) -> TOMLNode.Value {
        switch unsafe item.kind {
        case CTOML_TABLE: unsafe .table(table(count: item.child_count))
        case CTOML_ARRAY: unsafe .array(array(count: item.child_count))
        case CTOML_STRING: unsafe .string(text(item.text, item.text_length))
        case CTOML_INTEGER: unsafe .integer(item.integer)
        case CTOML_FLOAT: unsafe .float(item.real)
        case CTOML_BOOLEAN: unsafe .boolean(item.boolean)
        default: unsafe .dateTime(text(item.text, item.text_length))
        }
    }

    private mutating func array(count: Int) -> [TOMLNode] {
        var nodes: [TOMLNode] = []
        nodes.reserveCapacity(count)
        for _ in 0..<count { unsafe nodes.append(node()) }
        return nodes
    }

    private mutating func table(count: Int) -> TOMLTable {
        var entries: [TOMLTable.Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            let item = unsafe items[next]
            let key = unsafe text(item.key, item.key_length)
            let span = unsafe TOMLSpan(start: TOMLPosition(item.key_begin), end: TOMLPosition(item.key_end))
            entries.append(unsafe TOMLTable.Entry(key: key, keySpan: span, node: node()))
        }
        // toml++ keeps keys in alphabetical order; a person wrote them in another.
        entries.sort { $0.keySpan.start < $1.keySpan.start }
        return TOMLTable(entries: entries)
    }

    private func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }
}

extension TOMLPosition {
    init(_ position: ctoml_position) {
        self.init(line: max(1, Int(position.line)), column: max(1, Int(position.column)))
    }
}
