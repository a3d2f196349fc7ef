/// Tells the time of day; a protocol, so that tests need not wait.
public protocol WallClock: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted: what stores keep.
    var nowMilliseconds: Int64 { get }
}
