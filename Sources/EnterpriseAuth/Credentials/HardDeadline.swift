internal import HostSystem
internal import Synchronization

/// The last line behind every deadline: gives up on an operation that does not give up by itself.
///
/// A task group would wait for the loser of a race; here the caller goes on and the loser is cancelled and left to end
/// when it can. Task-local values reach the operation. Cancelling runs other people's handlers, and one that blocks must
/// keep neither the caller nor the shared timer: it happens on a thread of its own.
enum HardDeadline {
    /// How long after the deadline an operation may still end by itself.
    static let grace: Duration = .milliseconds(250)

    private struct Race: Sendable {
        var task: Task<Void, Never>?
        var timer: UInt64?
        var isOver = false
        /// Whether the operation is to be cancelled, if it is known only later.
        var isGivenUp = false
    }

    /// Lets one of two finish, the operation or the timer.
    private final class Referee: Sendable {
        private let race = Mutex(Race())

        /// Lets the first that calls it finish; the operation is cancelled if it was not that one.
        func decide(isInTime: Bool, finish: () -> Void) {
            let (isFirst, task, timer) = race.withLock { race in
                defer { (race.isOver, race.task, race.timer) = (true, nil, nil) }
                if !race.isOver, !isInTime { race.isGivenUp = true }
                return (!race.isOver, race.task, race.timer)
            }
            guard isFirst else { return }
            if let timer { SharedTimer.shared.remove(timer) }
            finish()
            if !isInTime, let task { HardDeadline.cancel(task) }
        }

        func cancelTask() {
            let task = race.withLock { race in
                if !race.isOver { race.isGivenUp = true }
                return race.task
            }
            if let task { HardDeadline.cancel(task) }
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
            let isGivenUp = race.withLock { race in
                if !race.isOver { race.task = task }
                return race.isGivenUp
            }
            if isGivenUp { HardDeadline.cancel(task) }
        }
    }

    /// Few threads, so that handlers that block for ever hold no more than these; what waits behind them stays uncancelled.
    private static let canceller = BlockingExecutor(name: "cancel", width: 4, queueLimit: 10_000)

    private static func cancel(_ task: Task<Void, Never>) {
        Task.detached {
            try? await canceller.run(deadline: .now + .seconds(60)) { () throws(HostError) in task.cancel() }
        }
    }

    /// Runs an operation, and goes on without it shortly after the deadline.
    /// - Parameters:
    ///   - deadline: When the operation promised to end.
    ///   - executor: Where the operation is best run; nil for the ordinary executor.
    ///   - operation: What to do; cancelled when the caller is, or when the time is over.
    /// - Returns: What the operation returned, or nil if it did not end in time.
    static nonisolated(nonsending) func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        on executor: (any TaskExecutor)? = nil,
        _ operation: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let referee = Referee()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let timer = SharedTimer.shared.add(at: deadline + grace) {
                    referee.decide(isInTime: false) { continuation.resume(returning: nil) }
                }
                referee.adopt(timer: timer)
                let task = Task(executorPreference: executor) {
                    let value = await operation()
                    referee.decide(isInTime: true) { continuation.resume(returning: value) }
                }
                referee.adopt(task)
            }
        } onCancel: {
            referee.cancelTask()
        }
    }
}
