internal import HostSystem
internal import Synchronization

/// Whether the host has every group that an access rule names, as the last look at its files showed it.
final class LocalRuleGroups: Sendable {
    private struct State {
        var failures: [StartFailure]
        var at: ContinuousClock.Instant
    }

    let part: String
    private let groups: any LocalGroups
    private let references: [GroupReference]
    private let longestSilence: Duration
    private let state = Mutex<State?>(nil)

    init(
        _ configuration: GroupRequirementConfiguration,
        part: String,
        recheck: Duration,
        groups: any LocalGroups
    ) {
        self.part = part
        self.groups = groups
        references = Set(configuration.references).sorted { $0.name < $1.name }
        longestSilence = recheck * RuleGroups.patience
    }

    /// Looks whether every group is there.
    /// - Parameter deadline: When to give up.
    /// - Returns: What is wrong.
    nonisolated(nonsending) func resolve(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        let begin = ContinuousClock.now
        let failures = await LocalRule.check(references, in: groups, part: part, deadline: deadline)
        state.withLock { $0 = State(failures: failures, at: begin) }
        return failures
    }

    /// Why the rule cannot be applied now; nil if it can.
    var outage: Outage? {
        state.withLock { state in
            guard let state, ContinuousClock.now - state.at <= longestSilence else {
                return outage("the local group file has not been read lately")
            }
            return state.failures.first.map { outage($0.problem) }
        }
    }

    private func outage(_ detail: String) -> Outage {
        Outage(.misconfigured, source: "unix", step: "rule_group", detail: detail)
    }
}
