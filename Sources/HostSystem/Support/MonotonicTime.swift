internal import Glibc

/// The host's clock that nobody sets, as systemd counts it.
public enum MonotonicTime {
    /// Microseconds since some moment before this process began (clock_gettime(2), `CLOCK_MONOTONIC`).
    public static var nowMicroseconds: UInt64 {
        var time = timespec()
        // It fails only for an unknown clock or a bad pointer.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
}
