/// Where a key or a value begins and ends in a TOML text.
///
/// For a table with a header of its own that is the header, for a table that exists only as part of a longer name
/// the place where that name stands.
public struct TOMLSpan: Sendable, Hashable {
    /// The first character.
    public var start: TOMLPosition
    /// The place behind the last character.
    public var end: TOMLPosition

    /// Makes a span.
    /// - Parameters:
    ///   - start: The first character.
    ///   - end: The place behind the last character.
    public init(start: TOMLPosition, end: TOMLPosition) {
        self.start = start
        self.end = end
    }
}
