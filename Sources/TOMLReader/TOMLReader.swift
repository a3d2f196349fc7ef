internal import CTOMLShim

/// Reads TOML 1.0 into a tree that knows where every key and value stands.
///
/// A pure function from bytes to a tree: no file is opened, nothing is kept. The parser is toml++ of the host; what it
/// would take wrongly or cannot bear (NUL, byte order marks, text that is not UTF-8, endless dotted keys) is refused
/// before it sees the text.
public enum TOMLReader {
    /// The longest text that is read.
    public static let maximumSize = 1 << 20
    /// How deep tables and arrays may nest, and how many parts a dotted key may have.
    public static let maximumDepth = 32

    /// Reads a text.
    /// - Parameter bytes: The text in UTF-8.
    /// - Returns: The root table.
    /// - Throws: The first error in the text.
    public static func read(_ bytes: [UInt8]) throws(TOMLError) -> TOMLTable {
        try TOMLScreening.check(bytes)
        guard let document = unsafe parse(bytes) else {
            throw TOMLError(position: TOMLPosition(line: 1, column: 1), message: "out of memory")
        }
        defer { unsafe ctoml_free(document) }

        var length = 0
        var position = ctoml_position()
        if let text = unsafe ctoml_error(document, &length, &position) {
            // Sound: the shim says how long the text is, and it lives as long as the document.
            let message = unsafe String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
            throw TOMLError(position: TOMLPosition(position), message: TOMLMessage.readable(message))
        }
        var count = 0
        let first = unsafe ctoml_items(document, &count)
        // Sound: `count` items lie there, in the order that the cursor expects, until the document is freed.
        var cursor = unsafe TOMLItemCursor(items: UnsafeBufferPointer(start: first, count: count))
        guard case .table(let table) = unsafe cursor.node().value else {
            preconditionFailure("the root of a TOML document is a table")
        }
        return table
    }

    private static func parse(_ bytes: [UInt8]) -> OpaquePointer? {
        unsafe bytes.withUnsafeBytes { buffer in
            // An empty array has no address; toml++ is given an empty text instead.
            guard let base = buffer.baseAddress, unsafe !buffer.isEmpty else {
                return unsafe ctoml_parse("", 0, maximumDepth)
            }
            return unsafe ctoml_parse(base.assumingMemoryBound(to: CChar.self), buffer.count, maximumDepth)
        }
    }
}
