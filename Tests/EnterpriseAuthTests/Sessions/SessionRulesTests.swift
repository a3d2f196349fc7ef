import Testing

@testable import EnterpriseAuth

@Suite("SessionRules")
struct SessionRulesTests {
    private let now: Int64 = 1_000_000_000

    private var rules: SessionRules {
        var active = ActiveConfiguration()
        active.recheck = .seconds(60)
        active.outageGrace = .seconds(900)
        return SessionRules(SessionConfiguration(), active)
    }

    /// How old the last answer is, how long ago the last failure was, whether a check is expected; all in seconds.
    @Test(
        "how far the last answer can be relied on",
        arguments: [
            // Young answers are good, whatever else.
            (0, nil, false, .good), (60, nil, false, .good), (60, 1, false, .good), (-1, nil, false, .good),
            // Nobody was here for a while: ask first.
            (61, nil, false, .checkFirst), (100_000, nil, false, .checkFirst),
            // The background check is due: go on, but not for ever.
            (61, nil, true, .good), (120, nil, true, .good), (121, nil, true, .checkFirst),
            // The sources have just failed: go on within the grace, then stop, without asking each time.
            (61, 1, false, .good), (900, 14, true, .good), (901, 1, true, .suspended(World.outage)),
            (5000, 14, false, .suspended(World.outage)),
            // They failed some time ago: ask again.
            (500, 15, false, .checkFirst), (5000, 15, false, .checkFirst),
            // The clock was set back.
            (-61, nil, true, .checkFirst), (-5000, 1, true, .suspended(World.outage)), (-5000, nil, true, .checkFirst),
        ] as [(Int64, Int64?, Bool, SessionRules.Trust)]
    )
    func trust(_ age: Int64, _ failedAgo: Int64?, _ isOnCheckList: Bool, _ expected: SessionRules.Trust) {
        let user = DirectoryUser(identity: World.identity("alice"), groups: [], isActive: true)
        let failure = failedAgo.map { LivePerson.Failure(at: now - $0 * 1000, outage: World.outage) }
        let view = LivePerson.View(facts: PersonFacts(user), verdictAt: now - age * 1000, failure: failure)
        #expect(rules.trust(view, isOnCheckList: isOnCheckList, now: now) == expected)
    }

    @Test("a grace shorter than recheck does not suspend before the next check is due")
    func shortGrace() {
        var active = ActiveConfiguration()
        active.outageGrace = .zero
        let rules = SessionRules(SessionConfiguration(), active)
        #expect(rules.isWithinGrace(verdictAt: now - 60_000, now: now))
        #expect(!rules.isWithinGrace(verdictAt: now - 60_001, now: now))
    }

    @Test(
        "limits, to the millisecond",
        arguments: [
            (0, 1, nil), (1_799_999, 1, nil), (1_800_000, 1, .idle), (0, 0, .lifetime), (1_800_000, 0, .lifetime),
        ] as [(Int64, Int64, SessionEndReason?)]
    )
    func limits(_ unusedFor: Int64, _ left: Int64, _ expected: SessionEndReason?) {
        #expect(rules.endReason(lastSeenAt: now - unusedFor, expiresAt: now + left, now: now) == expected)
    }

    @Test("background checks spread over the last tenth of the time, and are never late")
    func spread() {
        let due = (0..<200).map { number in
            let userID = UserID(rawValue: "corp:\(number)")
            let user = DirectoryUser(identity: World.identity("alice"), groups: [], isActive: true)
            let ages = (53...60).filter { age in
                let view = LivePerson.View(facts: PersonFacts(user), verdictAt: now - Int64(age) * 1000, failure: nil)
                return rules.isCheckDue(view, userID: userID, now: now)
            }
            return ages.first ?? 99
        }
        #expect(due.allSatisfy { (55...60).contains($0) })
        #expect(Set(due).count > 3)
    }
}
