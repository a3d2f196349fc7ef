import Testing

@testable import EnterpriseAuth

@Suite("A rule about groups")
struct GroupRequirementTests {
    static func decide(
        _ configuration: GroupRequirementConfiguration,
        _ groups: Set<String>
    ) -> GroupRequirement<String>.Decision {
        GroupRequirement(configuration) { $0.name }.decide(groups)
    }

    static let rule = GroupRequirementConfiguration(
        all: ["employees"],
        any: ["engineering", "sales"],
        none: ["suspended"]
    )

    @Test(
        "holds for members of all of these, one of those and none of the others",
        arguments: [
            (["employees", "sales"], true),
            (["employees", "engineering", "sales", "choir"], true),
            (["employees"], false),
            (["sales"], false),
            ([], false),
            (["employees", "sales", "suspended"], false),
            (["Employees", "sales"], false),
        ] as [(Set<String>, Bool)]
    )
    func holds(_ groups: Set<String>, _ expected: Bool) {
        #expect(Self.decide(Self.rule, groups).holds == expected)
    }

    @Test("says which part decided, the denying one first")
    func reasons() {
        #expect(Self.decide(Self.rule, []).reason == "not a member of “employees” (active.all)")
        #expect(Self.decide(Self.rule, ["suspended"]).reason == "a member of “suspended” (active.none)")
        #expect(
            Self.decide(Self.rule, ["employees"]).reason == "a member of none of “engineering”, “sales” (active.any)"
        )
        #expect(Self.decide(Self.rule, ["employees", "sales"]).reason == "every part of active holds")
    }

    // all = ["staff", { any = ["red", "blue"], none = ["green"] }], none = [{ all = ["intern", "night"] }]
    static let nested: GroupRequirementConfiguration = {
        var rule = GroupRequirementConfiguration(all: ["staff"])
        rule.all.append(.requirement(GroupRequirementConfiguration(any: ["red", "blue"], none: ["green"])))
        rule.none = [.requirement(GroupRequirementConfiguration(all: ["intern", "night"]))]
        return rule
    }()

    @Test(
        "nests",
        arguments: [
            (["staff", "red"], true),
            (["staff", "blue", "intern"], true),
            (["staff"], false),
            (["red"], false),
            (["staff", "red", "green"], false),
            (["staff", "red", "intern", "night"], false),
        ] as [(Set<String>, Bool)]
    )
    func nestedRules(_ groups: Set<String>, _ expected: Bool) {
        #expect(Self.decide(Self.nested, groups).holds == expected)
    }

    @Test("names the nested part that decided")
    func nestedReason() {
        let decision = Self.decide(Self.nested, ["staff"])
        #expect(decision.reason == "a member of none of “red”, “blue” (active.all[1].any)")
    }

    @Test("holds for everybody where it asks nothing")
    func emptyRule() {
        #expect(Self.decide(GroupRequirementConfiguration(), []).holds)
    }

    @Test("is not made when a group cannot be resolved")
    func unresolved() {
        struct Missing: Error {}
        #expect(throws: Missing.self) {
            try GroupRequirement<String>(Self.nested) { reference in
                guard reference.name != "night" else { throw Missing() }
                return reference.name
            }
        }
    }
}
