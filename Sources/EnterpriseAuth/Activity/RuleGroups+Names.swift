internal import LDAPClient
internal import Logging

extension RuleGroups {
    /// A rule about the groups of one directory.
    /// - Parameters:
    ///   - configuration: The rule.
    ///   - part: Which part of the configuration it is.
    ///   - recheck: How often somebody asks for a new look.
    ///   - directory: Whose groups.
    ///   - logger: Takes a line when a group vanishes and when it is back.
    ///   - clock: Tells the time of day.
    convenience init(
        _ configuration: GroupRequirementConfiguration,
        part: String,
        recheck: Duration,
        of directory: Directory,
        logger: Logger,
        clock: any WallClock = SystemWallClock()
    ) {
        var logger = logger
        logger[metadataKey: "directory"] = "\(directory.name)"
        self.init(
            configuration,
            part: part,
            recheck: recheck,
            directory: directory.name,
            base: directory.schema.groupBase,
            logger: logger,
            clock: clock
        ) { (name, deadline) async throws(Outage) in
            try await directory.group(named: name, deadline: deadline)
        }
    }

    /// Gives a person's groups the names by which rules know them, so that comparing names is comparing entries.
    ///
    /// A directory may have several spellings of a name, and several groups of one name at different times. A group that
    /// a rule means gets the rule's spelling; another group that has the name of one is left out. Rules that name one
    /// group look at different times: while it moves, the name means for all of them what the latest look has found.
    /// - Parameters:
    ///   - memberships: The groups that the person was found in.
    ///   - rules: The rules whose names matter; those without a fresh resolution are passed over.
    /// - Returns: The groups with their names.
    static func rename(_ memberships: [GroupMembership], for rules: [RuleGroups]) -> [Explanation.Group] {
        let all = rules.flatMap { rule -> [Meaning] in
            guard let (names, at) = rule.lastLook else { return [] }
            return names.map { Meaning(name: $0.key.name, group: $0.value, at: at) }
        }
        let meant = all.filter { meaning in
            all.allSatisfy { other in
                other.name.lowercased() != meaning.name.lowercased() || other.group == meaning.group
                    || other.at <= meaning.at
            }
        }
        return memberships.flatMap { membership -> [Explanation.Group] in
            let names = Set(meant.filter { $0.group == membership.group }.map(\.name)).sorted()
            if names.isEmpty, all.contains(where: { $0.name.lowercased() == membership.name.lowercased() }) {
                return []
            }
            return (names.isEmpty ? [membership.name] : names).map { name in
                Explanation.Group(name: name, dn: membership.dn, via: membership.via)
            }
        }
    }

    /// Which entry a name of a rule means, and when the look began that found it.
    private struct Meaning {
        let name: String
        let group: DistinguishedName
        let at: ContinuousClock.Instant
    }
}
