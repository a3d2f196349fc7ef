public import EnterpriseAuth
internal import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: WallClock {
    private let time: Mutex<Int64>

    /// Makes a clock that shows a time.
    /// - Parameter start: The time; without it, some day in 2026.
    public init(_ start: Timestamp = Timestamp(milliseconds: 1_772_355_600_000)) {
        time = Mutex(start.milliseconds)
    }

    /// The time that was set, in milliseconds.
    public var nowMilliseconds: Int64 { time.withLock { $0 } }

    /// The time that was set.
    public var now: Timestamp { Timestamp(milliseconds: nowMilliseconds) }

    /// Moves the clock.
    /// - Parameter duration: How far; negative sets it back.
    public func advance(by duration: Duration) {
        let later = now.adding(duration).milliseconds
        time.withLock { $0 = later }
    }
}
