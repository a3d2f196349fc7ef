internal import Synchronization

/// A result that arrives once, from whoever is first: the work, the deadline or the cancellation.
///
/// Whatever comes later is dropped, and the one who brought it is told so.
package final class OneShot<Value: Sendable>: Sendable {
    package typealias Outcome = Result<Value, HostError>

    private enum State {
        case empty
        case awaited(CheckedContinuation<Outcome, Never>)
        case filled(Outcome)
        case taken
    }

    private let state = Mutex(State.empty)

    /// An empty one.
    package init() {
    }

    /// Brings the result.
    /// - Parameter outcome: The result.
    /// - Returns: False if there was one already; then this one is dropped.
    @discardableResult
    package func fill(_ outcome: Outcome) -> Bool {
        let (isFirst, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Outcome, Never>?) in
            switch state {
            case .empty:
                state = .filled(outcome)
                return (true, nil)
            case .awaited(let continuation):
                state = .taken
                return (true, continuation)
            case .filled, .taken:
                return (false, nil)
            }
        }
        continuation?.resume(returning: outcome)
        return isFirst
    }

    /// Waits for the result, once; cancelling the task brings `.cancelled`.
    /// - Parameters:
    ///   - deadline: When `.timedOut` is brought; nil if somebody else sees to that.
    ///   - call: What is being done, for the error.
    ///   - subject: What it is done to, for the error.
    /// - Returns: The value.
    /// - Throws: ``HostError`` from the result, or why nobody could see to the deadline.
    package func value(
        deadline: ContinuousClock.Instant? = nil,
        call: String,
        subject: String = ""
    ) async throws(HostError) -> Value {
        var timer: UInt64?
        if let deadline {
            do throws(HostError) {
                timer = try Reactor.shared.add([], until: deadline) { _ in
                    self.fill(.failure(HostError(.timedOut, call: call, subject: subject)))
                }
            } catch {
                // Not thrown here: what has been brought already, which may be something lent, would be lost.
                fill(.failure(error))
            }
        }
        defer { if let timer { Reactor.shared.remove(timer) } }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { attach($0) }
        } onCancel: {
            fill(.failure(HostError(.cancelled, call: call, subject: subject)))
        }
        return try outcome.get()
    }

    private func attach(_ continuation: CheckedContinuation<Outcome, Never>) {
        let ready = state.withLock { state -> Outcome? in
            switch state {
            case .empty:
                state = .awaited(continuation)
                return nil
            case .filled(let outcome):
                state = .taken
                return outcome
            case .awaited, .taken:
                preconditionFailure("a result can be waited for once")
            }
        }
        if let ready { continuation.resume(returning: ready) }
    }
}
