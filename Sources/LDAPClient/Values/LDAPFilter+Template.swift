extension LDAPFilter {
    /// A filter from a configuration file with named gaps, such as `(&(objectClass=person)(uid={username}))`.
    ///
    /// A gap may stand only inside a value, alone or beside other text, and is filled with bytes that lose every
    /// meaning on the way. It can become neither an attribute nor an operator nor a star.
    public struct Template: Sendable, Hashable, CustomStringConvertible {
        private let tree: FilterTree

        /// The template as it was written.
        public let description: String

        /// The names of the gaps.
        public let placeholders: Set<String>

        /// Reads a template.
        ///
        /// Outside of gaps the text is a strict RFC 4515 filter; a brace that is no gap is written `\7b`.
        ///
        /// - Parameter text: The template.
        /// - Throws: ``LDAPSyntaxError`` saying what is wrong and where.
        public init(parsing text: String) throws(LDAPSyntaxError) {
            var parser = FilterParser(text, placeholders: true)
            tree = try parser.parse()
            placeholders = tree.placeholders
            description = text
        }

        /// Fills the gaps with bytes.
        /// - Parameter values: A value for every gap; further ones are ignored.
        /// - Returns: The filter.
        /// - Throws: ``LDAPSyntaxError`` if a gap has no value.
        public func filled(_ values: [String: [UInt8]]) throws(LDAPSyntaxError) -> LDAPFilter {
            try tree.filter { (name) throws(LDAPSyntaxError) in
                guard let value = values[name] else {
                    throw LDAPSyntaxError(.template, "there is no value for {\(name)}")
                }
                return value
            }
        }

        /// Fills the gaps with text.
        /// - Parameter values: A value for every gap; further ones are ignored.
        /// - Returns: The filter.
        /// - Throws: ``LDAPSyntaxError`` if a gap has no value.
        public func filled(_ values: [String: String]) throws(LDAPSyntaxError) -> LDAPFilter {
            try filled(values.mapValues { Array($0.utf8) })
        }
    }
}
