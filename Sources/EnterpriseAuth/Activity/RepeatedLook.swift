internal import Synchronization

/// Looks at something from time to time, until it is told to stop or there is nobody left to look for.
final class RepeatedLook: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Begins to look; an earlier beginning is over.
    /// - Parameters:
    ///   - interval: The time between two looks, and before the first.
    ///   - look: Looks; false ends it.
    func start(every interval: Duration, _ look: @escaping @Sendable () async -> Bool) {
        task.withLock { task in
            task?.cancel()
            task = Task {
                while (try? await Task.sleep(for: interval)) != nil, await look() {}
            }
        }
    }

    /// Ends it, and waits for the look that goes on.
    nonisolated(nonsending) func stop() async {
        let last = task.withLock { task in
            defer { task = nil }
            return task
        }
        last?.cancel()
        await last?.value
    }
}
