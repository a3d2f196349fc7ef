internal import HostSystem

/// The clock of the host.
public struct SystemWallClock: WallClock {
    /// Milliseconds since 1970-01-01T00:00:00Z, as the host has it.
    public var nowMilliseconds: Int64 { WallTime.nowMilliseconds }

    /// Makes the host's clock.
    public init() {}
}
