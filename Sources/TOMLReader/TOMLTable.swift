/// The entries of a table in the order of the file.
public struct TOMLTable: Sendable, Equatable {
    /// A key, its value, and where the key stands.
    public struct Entry: Sendable, Equatable {
        /// The key, without quotes.
        public var key: String
        /// Where the key stands; for a dotted key, its part.
        public var keySpan: TOMLSpan
        /// The value.
        public var node: TOMLNode

        /// Makes an entry.
        /// - Parameters:
        ///   - key: The key, without quotes.
        ///   - keySpan: Where the key stands.
        ///   - node: The value.
        public init(key: String, keySpan: TOMLSpan, node: TOMLNode) {
            self.key = key
            self.keySpan = keySpan
            self.node = node
        }
    }

    /// The entries in the order of the file.
    public var entries: [Entry]

    /// Makes a table.
    /// - Parameter entries: The entries in the order of the file.
    public init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// Finds an entry by its key.
    ///
    /// Keys are compared byte by byte, as TOML does; two spellings of `é` are two keys.
    /// - Parameter key: The key, without quotes.
    /// - Returns: The entry, or nil.
    public func entry(_ key: String) -> Entry? {
        entries.first { $0.key.utf8.elementsEqual(key.utf8) }
    }
}
