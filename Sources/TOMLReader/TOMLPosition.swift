/// A place in a TOML text.
public struct TOMLPosition: Sendable, Hashable {
    /// The line, counted from 1.
    public var line: Int
    /// The column in Unicode scalars, counted from 1.
    public var column: Int

    /// Makes a position.
    /// - Parameters:
    ///   - line: The line, counted from 1.
    ///   - column: The column, counted from 1.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

extension TOMLPosition: Comparable {
    /// Orders positions as they stand in the text.
    /// - Parameters:
    ///   - lhs: One position.
    ///   - rhs: The other.
    /// - Returns: True if `lhs` comes first.
    public static func < (lhs: TOMLPosition, rhs: TOMLPosition) -> Bool {
        (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
}

extension TOMLPosition: CustomStringConvertible {
    /// `line:column`.
    public var description: String { "\(line):\(column)" }
}
