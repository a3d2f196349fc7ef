/// The name of an entry, as a value: built from parts, parsed by RFC 4514, compared as directories compare.
///
/// Two names are equal if they differ only in the case of attribute types and values, in insignificant spaces, in the
/// way characters are escaped, in the order inside a multi-valued part, or in a well-known object identifier standing
/// for its short name. Values are compared as `caseIgnoreMatch` does, which is right for practically every attribute
/// that names entries; a directory that distinguishes two names by case alone cannot be told apart here.
public struct DistinguishedName: Sendable {
    /// One `type=value` of a name.
    public struct Attribute: Sendable {
        /// The attribute type, a short name or an object identifier.
        public let type: LDAPAttributeName

        /// The value without any escaping.
        public let value: [UInt8]

        /// Whether ``value`` is a BER encoding that could not be read as text (`#04…`).
        public let isEncoded: Bool

        /// A part with a value that is taken as it is.
        /// - Parameters:
        ///   - type: The attribute type.
        ///   - value: The value without escaping.
        public init(type: LDAPAttributeName, value: some Sequence<UInt8>) {
            self.init(type: type, value: Array(value), isEncoded: false)
        }

        init(type: LDAPAttributeName, value: [UInt8], isEncoded: Bool) {
            self.type = type
            self.value = value
            self.isEncoded = isEncoded
        }
    }

    /// One step of a name; usually a single attribute.
    public typealias RelativeName = [Attribute]

    /// The steps, the entry's own first and the root's last.
    public let rdns: [RelativeName]

    /// What is compared: for each step its parts, normalised and sorted.
    private let normalized: [[String]]

    /// The name of the root: no steps at all.
    public static let root = DistinguishedName(rdns: [])

    /// Builds a name from its steps.
    /// - Parameter rdns: The steps, the entry's own first; each needs at least one attribute.
    public init(rdns: [RelativeName]) {
        precondition(rdns.allSatisfy { !$0.isEmpty }, "a step of a name needs at least one attribute")
        self.rdns = rdns
        normalized = rdns.map { step in step.map(\.normalized).sorted() }
    }

    /// The name of an entry directly below this one.
    /// - Parameters:
    ///   - attribute: The attribute type that names it.
    ///   - value: The value, taken as it is: no character has a meaning.
    /// - Returns: The longer name.
    public func appending(attribute: LDAPAttributeName, value: String) -> DistinguishedName {
        appending(attribute: attribute, value: Array(value.utf8))
    }

    /// The name of an entry directly below this one, with bytes as the value.
    /// - Parameters:
    ///   - attribute: The attribute type that names it.
    ///   - value: The value, taken as it is.
    /// - Returns: The longer name.
    public func appending(attribute: LDAPAttributeName, value: [UInt8]) -> DistinguishedName {
        DistinguishedName(rdns: [[Attribute(type: attribute, value: value)]] + rdns)
    }

    /// The name of the entry above, or nil for the root.
    public var parent: DistinguishedName? {
        rdns.isEmpty ? nil : DistinguishedName(rdns: Array(rdns.dropFirst()))
    }

    /// Whether the entry lies below another one; an entry does not lie below itself.
    /// - Parameter ancestor: The other name.
    /// - Returns: True if this name ends with all steps of the other and has more.
    public func isDescendant(of ancestor: DistinguishedName) -> Bool {
        normalized.count > ancestor.normalized.count
            && normalized.suffix(ancestor.normalized.count) == ancestor.normalized[...]
    }
}

extension DistinguishedName: Hashable {
    /// Compares the normalised forms.
    /// - Parameters:
    ///   - lhs: One name.
    ///   - rhs: The other.
    /// - Returns: True if both name the same entry.
    public static func == (lhs: DistinguishedName, rhs: DistinguishedName) -> Bool {
        lhs.normalized == rhs.normalized
    }

    /// Hashes the normalised form of the first two steps, in which the names of a directory differ.
    ///
    /// The first alone is the same for all groups of a directory that keeps the members in an entry below each group.
    /// - Parameter hasher: Takes the steps.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(normalized.count)
        for step in normalized.prefix(2) { hasher.combine(step) }
    }
}

extension DistinguishedName: CustomStringConvertible {
    /// The name in the string form of RFC 4514, escaped as needed.
    public var description: String {
        rdns.map { step in step.map(\.description).joined(separator: "+") }.joined(separator: ",")
    }
}
