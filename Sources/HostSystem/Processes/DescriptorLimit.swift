internal import Glibc

/// How many descriptors this process may have open (getrlimit(2), `RLIMIT_NOFILE`).
public struct DescriptorLimit: Sendable, Hashable {
    /// How many it may have.
    public let current: UInt64
    /// What `current` may be raised to.
    public let maximum: UInt64

    /// The limit now.
    public static var now: DescriptorLimit {
        var limit = rlimit()
        // It fails only for an unknown resource or a bad pointer.
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return DescriptorLimit(current: UInt64(limit.rlim_cur), maximum: UInt64(limit.rlim_max))
    }

    /// Raises the limit as far as this process may.
    ///
    /// Processes that are started later inherit it.
    /// - Returns: The limit from now on.
    /// - Throws: ``HostError`` if it cannot be raised.
    @discardableResult
    public static func raise() throws(HostError) -> DescriptorLimit {
        let before = now
        guard before.current < before.maximum else { return before }
        var limit = rlimit(rlim_cur: rlim_t(before.maximum), rlim_max: rlim_t(before.maximum))
        try systemCall("setrlimit", "RLIMIT_NOFILE") {
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return now
    }

    /// Lowers the limit, if it is higher; it can be raised again.
    /// - Parameter count: How many descriptors this process may have from now on.
    public static func lower(to count: UInt64) {
        let before = now
        guard before.current > count else { return }
        var limit = rlimit(rlim_cur: rlim_t(count), rlim_max: rlim_t(before.maximum))
        // Lowering what one may have is never forbidden.
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
