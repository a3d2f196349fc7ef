/// The rule of `[active]` for local people: the local group file and the primary group.
struct LocalRule: Sendable {
    private let groups: any LocalGroups
    private let configuration: GroupRequirementConfiguration
    private let minimumUID: UInt32

    init(_ groups: any LocalGroups, _ configuration: GroupRequirementConfiguration, minimumUID: UInt32) {
        self.groups = groups
        self.configuration = configuration
        self.minimumUID = minimumUID
    }

    /// Looks whether every group of the rule exists.
    nonisolated(nonsending) func check(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        await Self.check(configuration.references, in: groups, part: "active", deadline: deadline)
    }

    /// Looks whether every group that a rule names exists.
    static nonisolated(nonsending) func check(
        _ references: [GroupReference],
        in groups: any LocalGroups,
        part: String,
        deadline: ContinuousClock.Instant
    ) async -> [StartFailure] {
        var failures: [StartFailure] = []
        for reference in Set(references) {
            let place = reference.position.map { "\($0): " } ?? ""
            do {
                guard try await !groups.hasGroup(named: reference.name, deadline: deadline) else { continue }
                failures.append(
                    StartFailure(
                        part: part,
                        problem: "\(place)there is no local group “\(reference.name)”",
                        fix: "create it with groupadd(8), or correct the name"
                    )
                )
            } catch {
                failures.append(
                    StartFailure(
                        part: part,
                        problem: "the local group file cannot be read: \(error)",
                        fix: "make it readable for this process"
                    )
                )
            }
        }
        return failures.sorted { $0.problem < $1.problem }
    }

    /// Looks the person's groups up and applies the rule; the files are read anew, and so are the rule's groups.
    nonisolated(nonsending) func judge(_ identity: Identity, uid: UInt32, deadline: ContinuousClock.Instant) async
        -> Judgement
    {
        guard uid >= minimumUID else {
            return .inactive("uid \(uid) is below active.min_uid \(minimumUID)")
        }
        if let failure = await check(deadline: deadline).first {
            return .unavailable(outage(identity, step: "rule_group", failure.problem))
        }
        do {
            guard let names = try await groups.groups(of: identity.loginName, uid: uid, deadline: deadline) else {
                return .inactive("the local user file has no \(identity.loginName) with uid \(uid)")
            }
            let rule = GroupRequirement(configuration) { GroupReference($0.name) }
            let decision = rule.decide(Set(names.map { GroupReference($0) }))
            return Judgement(
                holds: decision.holds,
                reason: decision.reason,
                groups: names.map { Explanation.Group(name: $0, dn: nil, via: []) }
            )
        } catch {
            return .unavailable(outage(identity, step: "groups", "the local group file cannot be read: \(error)"))
        }
    }

    private func outage(_ identity: Identity, step: String, _ detail: String) -> Outage {
        Outage(.misconfigured, source: identity.provider, step: step, detail: detail)
    }
}
