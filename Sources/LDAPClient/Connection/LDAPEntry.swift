/// One entry that a search returned, copied out of the C library.
public struct LDAPEntry: Sendable, Hashable {
    /// One attribute as the server sent it.
    public struct Attribute: Sendable, Hashable {
        /// The name as the server sent it, options included.
        public let description: String

        /// The values, byte for byte.
        public let values: [[UInt8]]

        /// The name in lower case, without options.
        public var name: String {
            String(description.prefix { $0 != ";" }).lowercased()
        }

        /// The options in lower case, `binary` left out because it changes nothing about the value (RFC 4522).
        public var options: [String] {
            description.lowercased().split(separator: ";").dropFirst().filter { $0 != "binary" }.map { String($0) }
        }

        /// An attribute with the given content.
        /// - Parameters:
        ///   - description: The name as the server sent it.
        ///   - values: The values.
        public init(description: String, values: [[UInt8]]) {
            self.description = description
            self.values = values
        }

        /// Whether `name` asks for this attribute: the same name and the same options, in any case.
        func isNamed(_ name: String) -> Bool {
            // A login asks this some hundred times, so nothing is copied unless there are options.
            let (own, asked) = (description.utf8.span, name.utf8.span)
            var common = 0
            while common < own.count, common < asked.count, own[common] != UInt8(ascii: ";"),
                ASCII.lowercased(own[common]) == ASCII.lowercased(asked[common])
            {
                common += 1
            }
            let (ownIsPlain, askedIsPlain) = (own.count == common, asked.count == common)
            guard ownIsPlain || own[common] == UInt8(ascii: ";"), askedIsPlain || asked[common] == UInt8(ascii: ";")
            else { return false }
            return ownIsPlain && askedIsPlain || options == Attribute(description: name, values: []).options
        }
    }

    /// The name of the entry, as the server wrote it.
    public let dn: String

    /// The attributes, in the order in which the server sent them.
    public let attributes: [Attribute]

    /// An entry with the given content.
    /// - Parameters:
    ///   - dn: Its name.
    ///   - attributes: Its attributes.
    public init(dn: String, attributes: [Attribute]) {
        self.dn = dn
        self.attributes = attributes
    }

    /// The name of the entry, taken apart for comparing.
    ///
    /// - Returns: The parsed name.
    /// - Throws: ``LDAPSyntaxError`` if the server's text is not a name by RFC 4514.
    public func distinguishedName() throws(LDAPSyntaxError) -> DistinguishedName {
        try DistinguishedName(parsing: dn)
    }

    /// The values of an attribute, byte for byte.
    ///
    /// Values that carry an option, such as a language, belong to that option and are left out unless the asked name
    /// carries the same options.
    ///
    /// - Parameter name: The name, in any case.
    /// - Returns: The values; empty if the entry does not show the attribute.
    public func values(_ name: String) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for attribute in attributes where attribute.isNamed(name) {
            if found.isEmpty { found = attribute.values } else { found += attribute.values }
        }
        return found
    }

    /// The values of an attribute that are UTF-8, as text.
    /// - Parameter name: The name, in any case.
    /// - Returns: The values; one that is not UTF-8 is left out.
    public func strings(_ name: String) -> [String] {
        values(name).compactMap { String(validating: $0, as: UTF8.self) }
    }

    /// The only value of an attribute, as text.
    /// - Parameter name: The name, in any case.
    /// - Returns: The value; nil if there is none, if there are several, or if it is not UTF-8.
    public func single(_ name: String) -> String? {
        let all = values(name)
        return all.count == 1 ? String(validating: all[0], as: UTF8.self) : nil
    }

    /// The first value of an attribute, as text.
    /// - Parameter name: The name, in any case.
    /// - Returns: The value; nil if there is none or if it is not UTF-8.
    public func first(_ name: String) -> String? {
        values(name).first.flatMap { String(validating: $0, as: UTF8.self) }
    }
}
