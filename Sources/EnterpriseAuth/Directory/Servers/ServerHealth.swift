/// Whether one server is worth asking: a circuit breaker as a pure value, events in, one action out.
///
/// A server that does not answer is *down* at once, so that no second login pays for its time-out. After a pause that
/// doubles with every failure one probe in the background (never a login) looks whether it is back. A server that
/// fails again soon after it came back goes on where its pause had stopped, so that one that answers probes and nothing
/// else is not tried every second.
public struct ServerHealth: Sendable, Hashable {
    /// What the server is taken for.
    public enum State: Sendable, Hashable {
        /// It answers; `failures` were counted in a row before it came back at `since`.
        case up(since: ContinuousClock.Instant, failures: Int)
        /// It does not; it may be probed at `retryAt`.
        case down(retryAt: ContinuousClock.Instant, failures: Int)
        /// It did not, and a probe is under way.
        case probing(failures: Int)
    }

    /// What happened.
    public enum Event: Sendable, Hashable, CaseIterable {
        /// An answer came, whatever it said of the person.
        case answered
        /// No answer, or one that says that there will be none: unreachable, TLS, time-out, busy, unavailable.
        case failed
        /// The pause is over and a probe could start.
        case probeDue
        /// The probe got no answer.
        case probeFailed
    }

    /// What to do about it.
    public enum Action: Sendable, Hashable {
        /// Nothing.
        case none
        /// The server went down: log it, and raise `.probeDue` at the instant.
        case wentDown(retryAt: ContinuousClock.Instant)
        /// Start the probe.
        case probe
        /// The probe failed: raise `.probeDue` at the instant.
        case stillDown(retryAt: ContinuousClock.Instant)
        /// The server is back: log it.
        case cameBack
    }

    /// How long the pauses are.
    public struct Pauses: Sendable, Hashable {
        /// After the first failure.
        public let first: Duration
        /// At most.
        public let longest: Duration

        /// Puts the limits together.
        /// - Parameters:
        ///   - first: After the first failure.
        ///   - longest: At most.
        public init(first: Duration, longest: Duration) {
            self.first = first
            self.longest = max(first, longest)
        }

        /// The pause after some failures in a row.
        /// - Parameter failures: How many, one at least.
        /// - Returns: `first`, doubled with each failure, at most `longest`.
        public func pause(after failures: Int) -> Duration {
            var pause = first
            for _ in 1..<max(failures, 1) where pause < longest {
                pause += pause
            }
            return min(pause, longest)
        }
    }

    /// What the server is taken for now.
    public private(set) var state: State

    private let pauses: Pauses

    /// Takes the server for a healthy one: the first login tells.
    /// - Parameters:
    ///   - pauses: How long the pauses are.
    ///   - now: The time.
    public init(pauses: Pauses, now: ContinuousClock.Instant) {
        self.pauses = pauses
        state = .up(since: now, failures: 0)
    }

    /// Whether logins should ask this server before all that are not up.
    public var isUp: Bool {
        if case .up = state { true } else { false }
    }

    /// Takes notice of an event.
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: The time.
    /// - Returns: What to do about it.
    public mutating func handle(_ event: Event, now: ContinuousClock.Instant) -> Action {
        switch (state, event) {
        case (.up(let since, let before), .failed):
            let failures = now - since < pauses.longest ? before + 1 : 1
            let retryAt = now + pauses.pause(after: failures)
            state = .down(retryAt: retryAt, failures: failures)
            return .wentDown(retryAt: retryAt)
        case (.down(_, let failures), .answered), (.probing(let failures), .answered):
            state = .up(since: now, failures: failures)
            return .cameBack
        case (.down(let retryAt, let failures), .probeDue) where now >= retryAt:
            state = .probing(failures: failures)
            return .probe
        case (.probing(let failures), .probeFailed):
            let retryAt = now + pauses.pause(after: failures + 1)
            state = .down(retryAt: retryAt, failures: failures + 1)
            return .stillDown(retryAt: retryAt)
        // Answers of a healthy server; failures of operations that were under way when the server went down, which must
        // not lengthen its pause; probes that an answer to a login overtook.
        case (.up, .answered), (.up, .probeDue), (.up, .probeFailed), (.down, .failed), (.down, .probeDue),
            (.down, .probeFailed), (.probing, .failed), (.probing, .probeDue):
            return .none
        }
    }
}
