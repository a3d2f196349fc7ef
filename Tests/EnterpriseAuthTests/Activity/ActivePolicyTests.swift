import EnterpriseAuth
import Logging
import Testing

/// The host's files, in memory.
private struct TableGroups: LocalGroups {
    struct Unreadable: Error {}

    /// Members by group.
    var groups: [String: Set<String>] = ["staff": ["anna", "otto"], "barred": ["otto"]]
    var uids: [String: UInt32] = ["anna": 1000, "otto": 1001, "root": 0]
    var isReadable = true

    func hasGroup(named name: String, deadline: ContinuousClock.Instant) async throws -> Bool {
        guard isReadable else { throw Unreadable() }
        return groups[name] != nil
    }

    func groups(of loginName: String, uid: UInt32, deadline: ContinuousClock.Instant) async throws -> [String]? {
        guard isReadable else { throw Unreadable() }
        guard uids[loginName] == uid else { return nil }
        return groups.filter { $0.value.contains(loginName) }.map(\.key)
    }
}

@Suite("Who is active")
struct ActivePolicyTests {
    private static func policy(
        _ groups: TableGroups = TableGroups(),
        _ change: (inout ActiveConfiguration) -> Void = { _ in }
    ) -> ActivePolicy {
        var active = ActiveConfiguration()
        active.source = .unix
        active.requirement = GroupRequirementConfiguration(all: ["staff"], none: ["barred"])
        change(&active)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return ActivePolicy(active, directory: nil, localGroups: groups, logger: logger)
    }

    private static func identity(_ source: IdentitySource, _ name: String = "anna") -> Identity {
        Identity(userID: UserID(source: "host", value: name), loginName: name, provider: "host", source: source)
    }

    private static func judge(_ policy: ActivePolicy, _ identity: Identity) async -> String {
        switch await policy.judge(identity, deadline: .now + .seconds(10)) {
        case .active(let groups): "active \(groups)"
        case .inactive(let reason, _): "inactive: \(reason)"
        case .unavailable(let outage): "unavailable: \(outage.detail)"
        }
    }

    @Test(
        "of the local people is told by the local group file",
        arguments: [
            ("anna", 1000, "active [\"staff\"]"),
            ("otto", 1001, "inactive: a member of “barred” (active.none)"),
            ("anna", 1001, "inactive: the local user file has no anna with uid 1001"),
            ("ghost", 1002, "inactive: the local user file has no ghost with uid 1002"),
            ("root", 0, "inactive: uid 0 is below active.min_uid 1000"),
            ("anna", 999, "inactive: uid 999 is below active.min_uid 1000"),
        ] as [(String, UInt32, String)]
    )
    func local(_ name: String, _ uid: UInt32, _ expected: String) async {
        let identity = Self.identity(.local(provider: "host", uid: uid), name)
        #expect(await Self.judge(Self.policy(), identity) == expected)
    }

    @Test("is nobody whose source has no rule")
    func noRule() async {
        let directory = IdentitySource.directory(name: "corp", dn: "uid=anna")
        #expect(
            await Self.judge(Self.policy(), Self.identity(directory)).hasPrefix("inactive: people of directory corp")
        )
        #expect(await Self.judge(Self.policy(), Self.identity(.application)).hasPrefix("inactive: people whom"))
        let withoutLocal = Self.policy { $0.source = nil }
        let anna = Self.identity(.local(provider: "host", uid: 1000))
        #expect(await Self.judge(withoutLocal, anna).hasPrefix("inactive: local people"))
    }

    @Test("is everybody where the configuration says so")
    func everyone() async {
        let policy = Self.policy { $0.everyone = true }
        #expect(await policy.start(deadline: .now).isEmpty)
        for source in [IdentitySource.local(provider: "host", uid: 1000), .directory(name: "corp", dn: "uid=anna")] {
            #expect(await Self.judge(policy, Self.identity(source)) == "active []")
        }
    }

    @Test("cannot be said while the files cannot be read")
    func unreadable() async {
        var groups = TableGroups()
        groups.isReadable = false
        let policy = Self.policy(groups)
        #expect(await policy.start(deadline: .now + .seconds(10)).allSatisfy { $0.problem.contains("cannot be read") })
        let anna = Self.identity(.local(provider: "host", uid: 1000))
        #expect(await Self.judge(policy, anna).hasPrefix("unavailable"))
    }

    @Test("cannot be said while a local group of the rule is missing")
    func missingGroup() async {
        var groups = TableGroups()
        groups.groups["barred"] = nil
        let policy = Self.policy(groups)
        let failures = await policy.start(deadline: .now + .seconds(10))
        #expect(failures.map(\.problem) == ["there is no local group “barred”"])
        let anna = Self.identity(.local(provider: "host", uid: 1000))
        #expect(await Self.judge(policy, anna) == "unavailable: there is no local group “barred”")
    }
}
