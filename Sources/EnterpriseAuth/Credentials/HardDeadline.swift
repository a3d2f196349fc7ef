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
        var timer: Task<Void, Never>?
        var isOver = false
        var isCancelled = false
    }

    private final class Referee<Value: Sendable>: Sendable {
        let race = Mutex(Race<Value>())

        /// The first to call decides; the others are cancelled.
        func settle(_ value: Value?) {
            let (continuation, task, timer) = race.withLock { race in
                race.isOver = true
                defer { race.continuation = nil }
                return (race.continuation, race.task, race.timer)
            }
            timer?.cancel()
            if value == nil { task?.cancel() }
            continuation?.resume(returning: value)
        }

        func cancelTask() {
            race.withLock { race in
                race.isCancelled = true
                return race.task
            }?.cancel()
        }

        /// Takes the tasks unless the race was over before they were known.
        func adopt(task: Task<Void, Never>, timer: Task<Void, Never>) {
            let (isOver, isCancelled) = race.withLock { race in
                race.task = task
                race.timer = timer
                return (race.isOver, race.isCancelled)
            }
            if isOver { timer.cancel() }
            if isOver || isCancelled { task.cancel() }
        }
    }

    /// Runs an operation, and goes on without it shortly after the deadline.
    /// - Parameters:
    ///   - deadline: When the operation promised to end.
    ///   - operation: What to do; cancelled when the caller is, or when the time is over.
    /// - Returns: What the operation returned, or nil if it did not end in time.
    static func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ operation: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let referee = Referee<Value>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                referee.race.withLock { $0.continuation = continuation }
                let task = Task { referee.settle(await operation()) }
                let timer = Task {
                    guard (try? await Task.sleep(until: deadline + grace, clock: .continuous)) != nil else { return }
                    referee.settle(nil)
                }
                referee.adopt(task: task, timer: timer)
            }
        } onCancel: {
            referee.cancelTask()
        }
    }
}
