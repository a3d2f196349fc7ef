import LDAPClient
import Logging
import Synchronization
import Testing

@testable import EnterpriseAuth

/// A directory of groups in memory, and a clock, for one rule.
private final class ScriptedGroups: Sendable {
    enum Answer: Sendable {
        case here, missing, silent, refused, waiting
    }

    private let answers = Mutex<[String: Answer]>([:])
    private let clock = Mutex(ContinuousClock.now)
    let (gate, opener) = AsyncStream<Void>.makeStream()
    let questions = Mutex(0)
    /// Where groups lie.
    let places = Mutex<[String: String]>([:])

    var now: ContinuousClock.Instant { clock.withLock { $0 } }

    func pass(_ time: Duration) {
        clock.withLock { $0 = $0 + time }
    }

    func set(_ name: String, _ answer: Answer) {
        answers.withLock { $0[name] = answer }
    }

    func rule(all: [String] = [], none: [String]) -> RuleGroups {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return RuleGroups(
            GroupRequirementConfiguration(all: all, none: none),
            part: "active",
            recheck: .seconds(60),
            directory: "corp",
            base: "ou=groups",
            logger: logger,
            now: { self.now },
            lookUp: { (name, _) async throws(Outage) in try await self.group(name) }
        )
    }

    private func group(_ name: String) async throws(Outage) -> Directory.NamedGroup {
        questions.withLock { $0 += 1 }
        switch answers.withLock({ $0[name] ?? .here }) {
        case .here: break
        case .missing: return .none
        case .silent: throw Outage(.timeout, source: "corp", step: "rule_group", detail: "silent")
        case .refused: throw Outage(.misconfigured, source: "corp", step: "rule_group", code: 32, detail: "no base")
        case .waiting: for await _ in gate { break }
        }
        let text = "cn=\(name)\(places.withLock { $0[name] ?? "" })"
        guard let dn = try? DistinguishedName(parsing: text) else { return .none }
        return .one(dn, dn: text)
    }
}

@Suite("The groups of a rule")
struct RuleGroupsTests {
    private static func word(_ rule: RuleGroups) async -> String {
        do throws(Outage) {
            _ = try await rule.rule(deadline: .now + .seconds(20))
            return "usable"
        } catch {
            return error.kind.rawValue
        }
    }

    @Test("are unusable once one is surely gone, whatever keeps another from being looked up")
    func missingAndSilent() async {
        for names in [["suspended", "x"], ["x", "suspended"]] {
            let groups = ScriptedGroups()
            let rule = groups.rule(none: names)
            #expect(await rule.resolve(deadline: .now + .seconds(20)).isEmpty)
            groups.set("suspended", .missing)
            groups.set("x", .silent)
            let failures = await rule.resolve(deadline: .now + .seconds(20))
            #expect(failures.count == 2 && failures.contains { !$0.isTemporary && $0.problem.contains("suspended") })
            #expect(await Self.word(rule) == "misconfigured")
            groups.set("suspended", .here)
            groups.set("x", .here)
            #expect(await Self.word(rule) == "usable")
        }
    }

    @Test("are unusable where the server says that their base is gone")
    func baseGone() async {
        let groups = ScriptedGroups()
        let rule = groups.rule(none: ["suspended"])
        #expect(await rule.resolve(deadline: .now + .seconds(20)).isEmpty)
        groups.set("suspended", .refused)
        #expect(await rule.resolve(deadline: .now + .seconds(20)).map(\.isTemporary) == [false])
        #expect(await Self.word(rule) == "misconfigured")
    }

    @Test("stay as they were found while nobody answers, and for three rechecks only")
    func silence() async {
        let groups = ScriptedGroups()
        let rule = groups.rule(none: ["suspended", "x"])
        #expect(await rule.resolve(deadline: .now + .seconds(20)).isEmpty)
        groups.set("x", .silent)
        groups.pass(.seconds(180))
        #expect(await rule.resolve(deadline: .now + .seconds(20)).map(\.isTemporary) == [true])
        #expect(await Self.word(rule) == "usable")
        groups.pass(.seconds(1))
        #expect(await Self.word(rule) == "timeout")
        groups.set("x", .here)
        #expect(await Self.word(rule) == "usable")
    }

    @Test("are known since the last time that nobody knew them, so that who was judged then is judged again")
    func since() async throws {
        let groups = ScriptedGroups()
        let rule = groups.rule(none: ["suspended"])
        await rule.resolve(deadline: .now + .seconds(20))
        let first = try #require(rule.names?.since)
        await rule.resolve(deadline: .now + .seconds(20))
        #expect(rule.names?.since == first)
        groups.set("suspended", .silent)
        groups.pass(.seconds(181))
        #expect(rule.names == nil)
        groups.set("suspended", .here)
        try await Task.sleep(for: .milliseconds(5))
        await rule.resolve(deadline: .now + .seconds(20))
        #expect(try #require(rule.names?.since) > first)
    }

    @Test("are looked up once for all who ask meanwhile; one with less time goes before")
    func singleFlight() async {
        let groups = ScriptedGroups()
        groups.set("suspended", .waiting)
        let rule = groups.rule(none: ["suspended"])
        let late = await rule.resolve(deadline: .now + .milliseconds(50))
        #expect(late.map(\.isTemporary) == [true])
        async let first = rule.resolve(deadline: .now + .seconds(20))
        async let second = Self.word(rule)
        groups.opener.yield()
        #expect(await first.isEmpty)
        #expect(await second == "usable")
        #expect(groups.questions.withLock { $0 } == 1)
    }

    @Test("leave nothing running once stopped")
    func stop() async {
        let groups = ScriptedGroups()
        groups.set("suspended", .waiting)
        let rule = groups.rule(none: ["suspended"])
        let begin = ContinuousClock.now
        async let waiting = rule.resolve(deadline: .now + .seconds(60))
        while groups.questions.withLock({ $0 }) == 0 { await Task.yield() }
        await rule.stop()
        _ = await waiting
        #expect(ContinuousClock.now - begin < .seconds(20))
    }

    @Test("of several rules have the name that the latest look has found, for all of them, while a group moves")
    func moving() async throws {
        let groups = ScriptedGroups()
        let (first, second) = (groups.rule(none: ["suspended"]), groups.rule(none: ["suspended", "x"]))
        func names(_ dn: String) throws -> [String] {
            let member = GroupMembership(
                name: "suspended",
                dn: dn,
                via: [],
                depth: 0,
                group: try DistinguishedName(parsing: dn)
            )
            return RuleGroups.rename([member], for: [first, second]).map(\.name)
        }
        for rule in [first, second] { await rule.resolve(deadline: .now + .seconds(20)) }
        #expect(try names("cn=suspended") == ["suspended"])
        groups.places.withLock { $0["suspended"] = ",ou=new" }
        groups.pass(.seconds(1))
        await second.resolve(deadline: .now + .seconds(20))
        #expect(try names("cn=suspended") == [])
        #expect(try names("cn=suspended,ou=new") == ["suspended"])
        groups.pass(.seconds(1))
        await first.resolve(deadline: .now + .seconds(20))
        #expect(try names("cn=suspended,ou=new") == ["suspended"])
    }
}
