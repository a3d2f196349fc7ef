internal import Synchronization

/// Calls back at instants that hardly ever come, such as the deadlines of work that keeps them by itself.
///
/// To add and to remove one costs a look into a table: no timer of the system's is set for it. A task looks at the table
/// every `tick` for as long as there is anything in it, so a call may come that much late.
final class SharedTimer: Sendable {
    private struct Entry: Sendable {
        let at: ContinuousClock.Instant
        let call: @Sendable () -> Void
    }

    private struct State: Sendable {
        var entries: [UInt64: Entry] = [:]
        var lastID: UInt64 = 0
        var isWatching = false
    }

    static let shared = SharedTimer()
    static let tick: Duration = .milliseconds(50)

    private let state = Mutex(State())

    /// Adds a call.
    /// - Returns: What `remove` takes to call it off.
    func add(at instant: ContinuousClock.Instant, _ call: @escaping @Sendable () -> Void) -> UInt64 {
        let (id, mustWatch) = state.withLock { state in
            state.lastID += 1
            state.entries[state.lastID] = Entry(at: instant, call: call)
            defer { state.isWatching = true }
            return (state.lastID, !state.isWatching)
        }
        if mustWatch { Task.detached { await self.watch() } }
        return id
    }

    func remove(_ id: UInt64) {
        state.withLock { _ = $0.entries.removeValue(forKey: id) }
    }

    private func watch() async {
        while let due = takeDue(at: .now) {
            for call in due { call() }
            // Nobody cancels this task; and if somebody did, looking at once is no worse.
            try? await Task.sleep(for: Self.tick)
        }
    }

    /// Takes out what is due; nil when nothing is left to watch.
    private func takeDue(at now: ContinuousClock.Instant) -> [@Sendable () -> Void]? {
        state.withLock { state in
            guard !state.entries.isEmpty else {
                state.isWatching = false
                return nil
            }
            let due = state.entries.filter { $0.value.at <= now }
            for id in due.keys { state.entries[id] = nil }
            return due.values.map(\.call)
        }
    }
}
