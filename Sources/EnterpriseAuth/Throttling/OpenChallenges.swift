internal import Synchronization

/// The challenges whose answers are waited for, and whose they are.
///
/// An answer is let through once: who brings a copy at the same time, or later, finds that nobody waits for it. One that
/// the throttle does not let through may come again.
final class OpenChallenges: Sendable {
    /// Whose answer is waited for.
    struct Waiting: Sendable {
        /// The name as it was typed.
        let name: String?
        /// Whose failures wrong answers are; nil without a throttle.
        let subject: ThrottleSubject?
    }

    private struct State: Sendable {
        var waiting: [String: Waiting] = [:]
        /// The challenges that wait, the oldest first.
        var order: [String] = []
        /// Those to which an answer is on its way.
        var claimed: Set<String> = []
    }

    private static let limit = 4096

    private let state = Mutex(State())

    /// Waits for an answer.
    func open(_ id: String, _ waiting: Waiting) {
        state.withLock { state in
            state.claimed.remove(id)
            if state.waiting.updateValue(waiting, forKey: id) == nil { state.order.append(id) }
            guard state.order.count > Self.limit else { return }
            let oldest = state.order.prefix(Self.limit / 8)
            state.order.removeFirst(oldest.count)
            for id in oldest { state.waiting[id] = nil }
            state.claimed.subtract(oldest)
        }
    }

    /// Takes an answer up; until `release(_:)` no other one is.
    /// - Returns: Whose it is; nil if none is waited for, or another one was first.
    func claim(_ id: String) -> Waiting? {
        state.withLock { state in
            guard let waiting = state.waiting[id], state.claimed.insert(id).inserted else { return nil }
            return waiting
        }
    }

    /// Lets an answer come again that was shown to nobody.
    func release(_ id: String) {
        state.withLock { _ = $0.claimed.remove(id) }
    }

    /// Waits no longer.
    func close(_ id: String) {
        state.withLock { state in
            guard state.waiting.removeValue(forKey: id) != nil else { return }
            state.claimed.remove(id)
            state.order.removeAll { $0 == id }
        }
    }
}
