/// The operations of one connection that wait for their answers.
struct PendingOperations {
    typealias Outcome = Result<OperationAnswer, LDAPError>

    struct Operation {
        let step: LDAPError.Step
        let deadline: ContinuousClock.Instant
        var answer = OperationAnswer()
        /// Nil between sending and suspending, which nothing can come between.
        var continuation: CheckedContinuation<Outcome, Never>?
    }

    private var operations: [Int32: Operation] = [:]

    /// No deadline is earlier than this; nil if nothing waits.
    private(set) var nextDeadline: ContinuousClock.Instant?

    var isEmpty: Bool { operations.isEmpty }

    /// Whether a bind or StartTLS is unanswered.
    var isBinding: Bool {
        operations.count == 1 && operations.values.allSatisfy { $0.step == .bind || $0.step == .startTLS }
    }

    mutating func insert(_ id: Int32, _ operation: Operation) {
        operations[id] = operation
        nextDeadline = min(nextDeadline ?? operation.deadline, operation.deadline)
    }

    /// Changes what an operation has brought so far; nil if nobody waits for it.
    mutating func update<Result>(_ id: Int32, _ change: (inout OperationAnswer) -> Result) -> Result? {
        guard let index = operations.index(forKey: id) else { return nil }
        return change(&operations.values[index].answer)
    }

    /// Says whom to wake up when the operation is over.
    mutating func await(_ id: Int32, _ continuation: CheckedContinuation<Outcome, Never>) {
        operations[id]?.continuation = continuation
    }

    mutating func remove(_ id: Int32) -> Operation? {
        let removed = operations.removeValue(forKey: id)
        if operations.isEmpty { nextDeadline = nil }
        return removed
    }

    mutating func removeAll() -> [Operation] {
        defer {
            operations = [:]
            nextDeadline = nil
        }
        return Array(operations.values)
    }

    /// Takes out what has waited too long.
    mutating func removeExpired(at now: ContinuousClock.Instant) -> [(id: Int32, operation: Operation)] {
        let expired = operations.filter { $0.value.deadline <= now }
        for id in expired.keys {
            operations[id] = nil
        }
        nextDeadline = operations.values.lazy.map(\.deadline).min()
        return expired.map { (id: $0.key, operation: $0.value) }
    }
}
