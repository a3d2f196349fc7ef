/// Where failures outlive the process: a session store that keeps counters too.
///
/// Names, networks, device ids and times are kept, never anything of a password. A `LoginManager` whose store is one of
/// these uses it; with any other, failures are forgotten when the process ends.
public protocol ThrottleStore: Sendable {
    /// Whether other processes may change the counters between two calls.
    ///
    /// Then every attempt is counted there before a provider is asked, and taken back if it was no guess. Otherwise
    /// memory decides, and the store is told of what has happened.
    var isShared: Bool { get }

    /// Reads the counters that hold most.
    /// - Parameter limit: The most that are wanted; those that are forgotten last come first.
    /// - Returns: The counters.
    /// - Throws: `SessionStoreError` if the store cannot say.
    func throttleCounts(limit: Int) async throws(SessionStoreError) -> [ThrottleKey: ThrottleCount]

    /// Reads and changes counters, with nobody else in between.
    /// - Parameters:
    ///   - keys: The counters that are given to `body`, as far as they are there.
    ///   - body: Changes them; what it adds is added, and what it takes out is removed.
    /// - Returns: What `body` returns.
    /// - Throws: `SessionStoreError` if nothing was changed.
    func updateThrottle<Value: Sendable>(
        _ keys: Set<ThrottleKey>,
        _ body: @escaping @Sendable (inout [ThrottleKey: ThrottleCount]) -> Value
    ) async throws(SessionStoreError) -> Value

    /// Counts the counters.
    /// - Returns: How many there are of each kind; kinds without any may be missing.
    /// - Throws: `SessionStoreError` if the store cannot say.
    func throttleSizes() async throws(SessionStoreError) -> [ThrottleKey.Kind: Int]

    /// Removes counters that are forgotten.
    /// - Parameter now: Counters whose `forgottenAt` is not later are forgotten.
    /// - Throws: `SessionStoreError` if the store could not do it.
    func sweepThrottle(now: Timestamp) async throws(SessionStoreError)

    /// Tells a shared store that nothing is asked of it for a while, so that others may have it.
    func rest() async
}

extension ThrottleStore {
    /// Says that it belongs to this process alone.
    public var isShared: Bool { false }

    /// Has nothing to let go.
    public func rest() async {}
}
