internal import Synchronization

/// Lets the uses of one series come one after the other; those of different series do not wait for each other.
final class SeriesTurns: Sendable {
    private static let limit = 1024

    private let busy = Mutex<[SessionTokenHash: Promise<Void>]>([:])

    /// Waits for a turn; whoever has got it must `leave(_:)`.
    /// - Throws: `Outage` if it is not there by the deadline, or if too many series are in use.
    nonisolated(nonsending) func enter(
        _ series: SessionTokenHash,
        until deadline: ContinuousClock.Instant
    ) async throws(Outage) {
        while true {
            let (turn, isOverloaded) = busy.withLock { busy in
                if let turn = busy[series] { return (Promise<Void>?.some(turn), false) }
                guard busy.count < Self.limit else { return (nil, true) }
                busy[series] = Promise()
                return (nil, false)
            }
            if isOverloaded {
                let detail = "more than \(Self.limit) remembered logins are being used at once"
                throw Outage(.overloaded, source: "session", step: "restore", detail: detail)
            }
            guard let turn else { return }
            guard await turn.value(until: deadline) != nil else {
                let kind: Outage.Kind = Task.isCancelled ? .cancelled : .timeout
                let detail = "another request uses the same remembered login, and has not ended in time"
                throw Outage(kind, source: "session", step: "restore", detail: detail)
            }
        }
    }

    func leave(_ series: SessionTokenHash) {
        busy.withLock { $0.removeValue(forKey: series) }?.fulfil(())
    }
}
