internal import Logging

/// The rule of `[active]` for people of one directory.
final class DirectoryRule: Sendable {
    private let directory: Directory
    private let groups: RuleGroups
    /// The other rules about groups of the directory, which compare names.
    private let named: [RuleGroups]

    /// The configured name of the directory.
    var name: String { directory.name }

    init(
        _ directory: Directory,
        _ configuration: ActiveConfiguration,
        named: [RuleGroups],
        logger: Logger
    ) {
        self.directory = directory
        self.named = named
        var logger = logger
        logger[metadataKey: "directory"] = "\(directory.name)"
        groups = RuleGroups(
            configuration.requirement,
            part: "active",
            recheck: configuration.recheck,
            of: directory,
            logger: logger
        )
    }

    /// Whether some other rule needs to know the person's groups, even where being active takes none.
    func mustName(_ identity: Identity) -> Bool {
        guard !named.isEmpty, case .directory(directory.name, _) = identity.source else { return false }
        return true
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
                groups: RuleGroups.rename(found, for: named)
            )
        } catch {
            return .unavailable(error)
        }
    }
}
