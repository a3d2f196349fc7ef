/// A group as a rule names it, and where it is written.
public struct GroupReference: Sendable {
    /// The name, as in the file.
    public var name: String
    /// The place in the file; nil when the rule was made in code.
    public var position: ConfigurationPosition?

    /// Makes a reference.
    /// - Parameters:
    ///   - name: The group's name.
    ///   - position: The place in the file, if there is one.
    public init(_ name: String, position: ConfigurationPosition? = nil) {
        self.name = name
        self.position = position
    }
}

extension GroupReference: Hashable {
    /// Compares the names; where they are written does not matter.
    /// - Parameters:
    ///   - lhs: One reference.
    ///   - rhs: The other.
    /// - Returns: True if both have the same name, byte by byte.
    public static func == (lhs: GroupReference, rhs: GroupReference) -> Bool {
        lhs.name.utf8.elementsEqual(rhs.name.utf8)
    }

    /// Hashes the name.
    /// - Parameter hasher: Takes the bytes of the name.
    public func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
    }
}
