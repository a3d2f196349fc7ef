extension DistinguishedName {
    /// A name from a configuration file with named gaps, such as `uid={username},ou=people,dc=example,dc=org`.
    ///
    /// A gap may stand only inside a value and is filled with bytes that lose every meaning on the way: a comma in a
    /// user name stays inside that one value.
    public struct Template: Sendable, CustomStringConvertible {
        private let steps: [[(type: LDAPAttributeName, pieces: [TemplatePiece])]]

        /// The template as it was written.
        public let description: String

        /// The names of the gaps.
        public let placeholders: Set<String>

        /// Reads a template.
        ///
        /// Outside of gaps the text is a name by RFC 4514; a brace that is no gap is written `\7b`.
        ///
        /// - Parameter text: The template.
        /// - Throws: ``LDAPSyntaxError`` saying what is wrong and where.
        public init(parsing text: String) throws(LDAPSyntaxError) {
            var parser = NameParser(text, placeholders: true)
            let parsed = try parser.parse()
            // Filled in, the value would be sent as text: another name than the one that was written.
            guard !parsed.contains(where: { $0.contains(where: \.isEncoded) }) else {
                throw LDAPSyntaxError(.template, "a value written with # must be written as text here")
            }
            steps = parsed.map { step in step.map { (type: $0.type, pieces: $0.pieces) } }
            placeholders = TemplatePiece.names(steps.flatMap { $0 }.flatMap(\.pieces))
            description = text
        }

        /// Fills the gaps with bytes.
        /// - Parameter values: A value for every gap; further ones are ignored.
        /// - Returns: The name.
        /// - Throws: ``LDAPSyntaxError`` if a gap has no value or an empty one.
        public func filled(_ values: [String: [UInt8]]) throws(LDAPSyntaxError) -> DistinguishedName {
            var rdns: [RelativeName] = []
            for step in steps {
                var attributes: RelativeName = []
                for (type, pieces) in step {
                    attributes.append(Attribute(type: type, value: try Template.bytes(pieces, values)))
                }
                rdns.append(attributes)
            }
            return DistinguishedName(rdns: rdns)
        }

        /// Fills the gaps with text.
        /// - Parameter values: A value for every gap; further ones are ignored.
        /// - Returns: The name.
        /// - Throws: ``LDAPSyntaxError`` if a gap has no value or an empty one.
        public func filled(_ values: [String: String]) throws(LDAPSyntaxError) -> DistinguishedName {
            try filled(values.mapValues { Array($0.utf8) })
        }

        private static func bytes(
            _ pieces: [TemplatePiece],
            _ values: [String: [UInt8]]
        ) throws(LDAPSyntaxError) -> [UInt8] {
            var result: [UInt8] = []
            for piece in pieces {
                switch piece {
                case .bytes(let bytes):
                    result += bytes
                case .placeholder(let name):
                    guard let value = values[name], !value.isEmpty else {
                        throw LDAPSyntaxError(.template, "there is no value for {\(name)}")
                    }
                    result += value
                }
            }
            return result
        }
    }
}

extension DistinguishedName.Template: Hashable {
    /// Compares the templates as they were written.
    /// - Parameters:
    ///   - lhs: One template.
    ///   - rhs: The other.
    /// - Returns: True if both have the same text.
    public static func == (lhs: DistinguishedName.Template, rhs: DistinguishedName.Template) -> Bool {
        lhs.description == rhs.description
    }

    /// Hashes the text.
    /// - Parameter hasher: Takes the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(description)
    }
}
