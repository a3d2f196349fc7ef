internal import Glibc

/// The host's clock of the day.
public enum WallTime {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (clock_gettime(2), `CLOCK_REALTIME`).
    public static var nowMilliseconds: Int64 {
        var time = timespec()
        // It fails only for an unknown clock or a bad pointer.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
