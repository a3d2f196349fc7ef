internal import Synchronization

/// The operations of one connection that wait for their answers.
struct PendingOperations {
    typealias Outcome = Result<OperationAnswer, LDAPError>
    /// The task that waits for an operation.
    ///
    /// The continuation is an unchecked one, because the checks cost an allocation for each operation. Sound: whoever
    /// takes an operation out of ``PendingOperations`` puts its waiter into one ``Settled``, which is told once.
    @safe
    struct Waiter: Sendable {
        private let continuation: UnsafeContinuation<Outcome, Never>

        init(_ continuation: UnsafeContinuation<Outcome, Never>) {
            unsafe self.continuation = continuation
        }

        func resume(_ outcome: Outcome) {
            unsafe continuation.resume(returning: outcome)
        }
    }

    struct Operation {
        let step: LDAPError.Step
        let deadline: ContinuousClock.Instant
        /// Names the operation before it has a number of the protocol.
        let token: UInt64
        let waiter: Waiter
        var answer = OperationAnswer()
        /// What may still come.
        private var allowance: SearchAllowance

        init(
            _ step: LDAPError.Step,
            _ deadline: ContinuousClock.Instant,
            _ waiter: Waiter,
            _ allowance: SearchAllowance,
            token: UInt64
        ) {
            self.allowance = allowance
            self.step = step
            self.deadline = deadline
            self.token = token
            self.waiter = waiter
        }

        /// Adds an entry; what is returned says which limit does not allow it.
        mutating func take(_ entry: LDAPEntry) -> String? {
            if let excess = allowance.take(bytes: entry.byteCount) { return excess }
            answer.entries.append(entry)
            return nil
        }

        /// Counts a place elsewhere.
        mutating func takeReferral() -> String? {
            answer.referralCount += 1
            return allowance.take(bytes: 0)
        }
    }

    /// Who is to be told what.
    struct Settled: Sendable {
        private let waiter: Waiter
        private let outcome: Outcome

        init(_ waiter: Waiter, _ outcome: Outcome) {
            self.waiter = waiter
            self.outcome = outcome
        }

        func tell() {
            waiter.resume(outcome)
        }
    }

    private static let lastToken = Atomic<UInt64>(0)

    private var operations: [Int32: Operation] = [:]

    /// No deadline is earlier than this; nil if nothing waits.
    private(set) var nextDeadline: ContinuousClock.Instant?

    /// Whether a bind is unanswered; nothing else is sent meanwhile, so it is alone.
    var isBinding: Bool {
        operations.count == 1 && operations.values.allSatisfy { $0.step == .bind }
    }

    static func newToken() -> UInt64 {
        lastToken.wrappingAdd(1, ordering: .relaxed).newValue
    }

    mutating func insert(_ id: Int32, _ operation: Operation) {
        operations[id] = operation
        nextDeadline = min(nextDeadline ?? operation.deadline, operation.deadline)
    }

    /// Changes an operation; nil if nobody waits for it.
    mutating func update<Result>(_ id: Int32, _ change: (inout Operation) -> Result) -> Result? {
        guard let index = operations.index(forKey: id) else { return nil }
        return change(&operations.values[index])
    }

    mutating func remove(_ id: Int32) -> Operation? {
        let removed = operations.removeValue(forKey: id)
        if operations.isEmpty { nextDeadline = nil }
        return removed
    }

    mutating func remove(token: UInt64) -> (id: Int32, operation: Operation)? {
        guard let (id, operation) = operations.first(where: { $0.value.token == token }) else { return nil }
        _ = remove(id)
        return (id, operation)
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
