internal import Synchronization

/// What a ``MuteServer`` has seen, shared between its threads and the test.
final class MuteServerCounts: Sendable {
    private struct State {
        var accepted = 0
        var open = 0
        var messages = 0
        var answers = 0
        var ended = false
    }

    private let state = Mutex(State())

    var accepted: Int { state.withLock { $0.accepted } }
    var open: Int { state.withLock { $0.open } }
    var messages: Int { state.withLock { $0.messages } }
    var answers: Int { state.withLock { $0.answers } }

    /// Counts a connection and returns its number, from 1.
    func accept() -> Int {
        state.withLock {
            $0.accepted += 1
            $0.open += 1
            return $0.accepted
        }
    }

    func close() { state.withLock { $0.open -= 1 } }

    func message() { state.withLock { $0.messages += 1 } }

    func answer() { state.withLock { $0.answers += 1 } }

    /// Returns whether this was the first call.
    func end() -> Bool {
        state.withLock { state in
            defer { state.ended = true }
            return !state.ended
        }
    }
}
