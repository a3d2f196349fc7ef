internal import Logging

/// The rule of `[active]` for people of one directory.
final class DirectoryRule: Sendable {
    private let directory: Directory
    private let groups: RuleGroups

    /// The configured name of the directory.
    var name: String { directory.name }

    init(_ directory: Directory, _ configuration: ActiveConfiguration, logger: Logger) {
        self.directory = directory
        var logger = logger
        logger[metadataKey: "directory"] = "\(directory.name)"
        groups = RuleGroups(
            configuration,
            directory: directory.name,
            base: directory.schema.groupBase,
            logger: logger
        ) { (name, deadline) async throws(Outage) in
            try await directory.group(named: name, deadline: deadline)
        }
    }

    /// Looks every group of the rule up.
    /// - Parameter deadline: When to give up.
    /// - Returns: Everything that is wrong.
    @discardableResult
    nonisolated(nonsending) func resolve(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        await groups.resolve(deadline: deadline)
    }

    /// What is surely wrong with the groups of the rule, as far as is known without asking again.
    var mistakes: [StartFailure] { groups.mistakes }

    /// Ends what runs.
    nonisolated(nonsending) func stop() async {
        await groups.stop()
    }

    /// Looks the person's groups up and applies the rule.
    nonisolated(nonsending) func judge(
        _ identity: Identity,
        explaining explains: Bool,
        deadline: ContinuousClock.Instant
    ) async -> Judgement {
        do throws(Outage) {
            let rule = try await groups.rule(deadline: deadline)
            let found = try await directory.groups(of: identity, explaining: explains, deadline: deadline)
            guard let found else { return .inactive("the entry of \(identity.loginName) is gone") }
            let decision = rule.decide(Set(found.map(\.group)))
            return Judgement(
                holds: decision.holds,
                reason: decision.reason,
                groups: found.map { Explanation.Group(name: $0.name, dn: $0.dn, via: $0.via) }
            )
        } catch {
            return .unavailable(error)
        }
    }
}
