public import EnterpriseAuth
internal import Foundation

/// The machine's time of day.
public struct SystemClock: WallClock {
    /// Makes the one kind of clock.
    public init() {}

    /// Milliseconds since 1970.
    public var nowMilliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
