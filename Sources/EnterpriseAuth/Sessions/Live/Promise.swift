internal import Synchronization

/// A value that comes later, for any number of tasks that wait for it.
final class Promise<Value: Sendable>: Sendable {
    private struct State: Sendable {
        var value: Value?
        var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
        /// Waiters who went away before they had begun to wait.
        var departed: Set<Int> = []
        var next = 0
    }

    private let state = Mutex(State())

    /// The value, if it is there.
    var current: Value? { state.withLock { $0.value } }

    /// Gives the value; the first one counts.
    func fulfil(_ value: Value) {
        let waiters = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value?, Never>]() }
            state.value = value
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Waits, but not longer than until the deadline, nor once the task is cancelled.
    /// - Parameter deadline: When to give up.
    /// - Returns: The value, or nil if it did not come in time.
    nonisolated(nonsending) func value(until deadline: ContinuousClock.Instant) async -> Value? {
        if let value = current { return value }
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let timer = SharedTimer.shared.add(at: deadline) { self.leave(number) }
        defer { SharedTimer.shared.remove(timer) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait(number, $0) }
        } onCancel: {
            leave(number)
        }
    }

    /// Waits until the value comes, for tasks that nobody waits for.
    nonisolated(nonsending) func value() async -> Value? {
        await value(until: .now + .seconds(86_400))
    }

    private func wait(_ number: Int, _ continuation: CheckedContinuation<Value?, Never>) {
        let answer: Value?? = state.withLock { state in
            if let value = state.value { return .some(value) }
            if state.departed.remove(number) != nil { return .some(nil) }
            state.waiters[number] = continuation
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func leave(_ number: Int) {
        let waiter = state.withLock { state in
            guard state.value == nil else { return CheckedContinuation<Value?, Never>?.none }
            if let waiter = state.waiters.removeValue(forKey: number) { return waiter }
            state.departed.insert(number)
            return nil
        }
        waiter?.resume(returning: nil)
    }
}
