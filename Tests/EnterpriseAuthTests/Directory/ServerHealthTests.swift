import EnterpriseAuth
import Testing

@Suite("The health of a server")
struct ServerHealthTests {
    static let start = ContinuousClock.now
    static let pauses = ServerHealth.Pauses(first: .seconds(1), longest: .seconds(8))

    /// A server brought into a state by events, as the directory would.
    enum Situation: CaseIterable {
        case up, down, probing

        func health() -> ServerHealth {
            var health = ServerHealth(pauses: pauses, now: start)
            if self != .up { _ = health.handle(.failed, now: start) }
            if self == .probing { _ = health.handle(.probeDue, now: start + .seconds(1)) }
            return health
        }
    }

    struct Row {
        let situation: Situation
        let event: ServerHealth.Event
        /// Seconds after `start`.
        let at: Int
        let action: ServerHealth.Action
        let state: ServerHealth.State
    }

    static func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    static let rows: [Row] = [
        Row(situation: .up, event: .answered, at: 2, action: .none, state: .up(since: at(0), failures: 0)),
        Row(
            situation: .up,
            event: .failed,
            at: 2,
            action: .wentDown(retryAt: at(3)),
            state: .down(retryAt: at(3), failures: 1)
        ),
        Row(situation: .up, event: .probeDue, at: 2, action: .none, state: .up(since: at(0), failures: 0)),
        Row(situation: .up, event: .probeFailed, at: 2, action: .none, state: .up(since: at(0), failures: 0)),
        Row(situation: .down, event: .answered, at: 2, action: .cameBack, state: .up(since: at(2), failures: 1)),
        Row(situation: .down, event: .failed, at: 2, action: .none, state: .down(retryAt: at(1), failures: 1)),
        Row(situation: .down, event: .probeDue, at: 0, action: .none, state: .down(retryAt: at(1), failures: 1)),
        Row(situation: .down, event: .probeDue, at: 1, action: .probe, state: .probing(failures: 1)),
        Row(situation: .down, event: .probeFailed, at: 2, action: .none, state: .down(retryAt: at(1), failures: 1)),
        Row(situation: .probing, event: .answered, at: 2, action: .cameBack, state: .up(since: at(2), failures: 1)),
        Row(situation: .probing, event: .failed, at: 2, action: .none, state: .probing(failures: 1)),
        Row(situation: .probing, event: .probeDue, at: 2, action: .none, state: .probing(failures: 1)),
        Row(
            situation: .probing,
            event: .probeFailed,
            at: 2,
            action: .stillDown(retryAt: at(4)),
            state: .down(retryAt: at(4), failures: 2)
        ),
    ]

    @Test("does the one right thing in every state for every event", arguments: rows)
    func transition(_ row: Row) {
        var health = row.situation.health()
        #expect(health.handle(row.event, now: Self.at(row.at)) == row.action)
        #expect(health.state == row.state)
        #expect(health.isUp == (row.state == .up(since: Self.at(0), failures: 0) || row.action == .cameBack))
    }

    @Test("has a row for every pair of state and event")
    func tableIsComplete() {
        for situation in Situation.allCases {
            for event in ServerHealth.Event.allCases {
                #expect(Self.rows.contains { $0.situation == situation && $0.event == event })
            }
        }
    }

    @Test("doubles the pause with every failed probe, up to the longest")
    func pausesDouble() {
        var health = ServerHealth(pauses: Self.pauses, now: Self.start)
        var now = Self.start
        var waited: [Duration] = []
        guard case .wentDown(var retryAt) = health.handle(.failed, now: now) else {
            Issue.record("a failure takes a healthy server down")
            return
        }
        for _ in 0..<6 {
            waited.append(retryAt - now)
            now = retryAt
            #expect(health.handle(.probeDue, now: now) == .probe)
            guard case .stillDown(let next) = health.handle(.probeFailed, now: now) else {
                Issue.record("a failed probe keeps the server down")
                return
            }
            retryAt = next
        }
        #expect(waited == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8), .seconds(8)])
    }

    @Test("goes on with the longer pause when the server fails again soon, and forgets after a good while")
    func flappingServer() {
        var health = ServerHealth(pauses: Self.pauses, now: Self.start)
        _ = health.handle(.failed, now: Self.at(0))
        _ = health.handle(.answered, now: Self.at(1))
        #expect(health.handle(.failed, now: Self.at(2)) == .wentDown(retryAt: Self.at(4)))
        _ = health.handle(.answered, now: Self.at(5))
        #expect(health.handle(.failed, now: Self.at(13)) == .wentDown(retryAt: Self.at(14)))
    }

    @Test("probes once, however often the probe falls due")
    func singleProbe() {
        var health = Situation.down.health()
        #expect(health.handle(.probeDue, now: Self.at(1)) == .probe)
        #expect(health.handle(.probeDue, now: Self.at(9)) == .none)
    }

    @Test("takes an unordered pair of limits for a constant pause")
    func constantPause() {
        let pauses = ServerHealth.Pauses(first: .seconds(5), longest: .seconds(1))
        #expect(pauses.pause(after: 1) == .seconds(5))
        #expect(pauses.pause(after: 1_000_000) == .seconds(5))
    }
}
