internal import Synchronization

/// The last line behind every deadline: gives up on an operation that does not give up by itself.
///
/// A task group would wait for the loser of a race; here the caller goes on and the loser is cancelled and left to end
/// when it can. Task-local values reach the operation.
enum HardDeadline {
    /// How long after the deadline an operation may still end by itself.
    static let grace: Duration = .milliseconds(250)

    private struct Race<Value: Sendable>: Sendable {
        var continuation: CheckedContinuation<Value?, Never>?
        var task: Task<Void, Never>?
        var timer: UInt64?
        var isOver = false
        var isCancelled = false
    }

    private final class Referee<Value: Sendable>: Sendable {
        let race = Mutex(Race<Value>())

        /// The first to call decides; the operation is cancelled if it was not that one.
        func settle(_ value: Value?) {
            let (continuation, task, timer) = race.withLock { race in
                defer { (race.isOver, race.continuation, race.task, race.timer) = (true, nil, nil, nil) }
                return (race.continuation, race.task, race.timer)
            }
            if let timer { SharedTimer.shared.remove(timer) }
            if value == nil { task?.cancel() }
            continuation?.resume(returning: value)
        }

        func cancelTask() {
            race.withLock { race in
                race.isCancelled = true
                return race.task
            }?.cancel()
        }

        /// Takes the timer unless the race was over before it was known.
        func adopt(timer: UInt64) {
            let isOver = race.withLock { race in
                if !race.isOver { race.timer = timer }
                return race.isOver
            }
            if isOver { SharedTimer.shared.remove(timer) }
        }

        /// Takes the task unless the race was over before it was known.
        func adopt(_ task: Task<Void, Never>) {
            let (isOver, isCancelled) = race.withLock { race in
                if !race.isOver { race.task = task }
                return (race.isOver, race.isCancelled)
            }
            if isOver || isCancelled { task.cancel() }
        }
    }

    /// Runs an operation, and goes on without it shortly after the deadline.
    /// - Parameters:
    ///   - deadline: When the operation promised to end.
    ///   - executor: Where the operation is best run; nil for the ordinary executor.
    ///   - operation: What to do; cancelled when the caller is, or when the time is over.
    /// - Returns: What the operation returned, or nil if it did not end in time.
    static func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        on executor: (any TaskExecutor)? = nil,
        _ operation: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let referee = Referee<Value>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                referee.race.withLock { $0.continuation = continuation }
                referee.adopt(timer: SharedTimer.shared.add(at: deadline + grace) { referee.settle(nil) })
                referee.adopt(Task(executorPreference: executor) { referee.settle(await operation()) })
            }
        } onCancel: {
            referee.cancelTask()
        }
    }
}
