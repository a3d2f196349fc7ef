/// A rule about groups whose names have been resolved: a member of all of these, of one of those, of none of the others.
///
/// `Group` is what is compared: a normalised DN for groups of a directory, a name for local ones. An empty rule holds.
struct GroupRequirement<Group: Sendable & Hashable>: Sendable {
    /// One entry of a list.
    enum Entry: Sendable {
        /// Holds for the members of the group; the name is the rule's.
        case group(name: String, Group)
        /// Holds where the nested rule holds.
        case requirement(GroupRequirement)
    }

    /// Whether a rule holds for a person, and the part of it that decided.
    struct Decision: Sendable, Hashable {
        /// Whether it holds.
        let holds: Bool
        /// The part that decided, with its place in the configuration.
        let reason: String
    }

    private let all: [Entry]
    private let any: [Entry]
    private let none: [Entry]

    /// Resolves every group that a configured rule names.
    /// - Parameters:
    ///   - configuration: The rule as written.
    ///   - resolve: Finds a group by its name.
    /// - Throws: What `resolve` throws.
    init<Failure: Error>(
        _ configuration: GroupRequirementConfiguration,
        resolve: (GroupReference) throws(Failure) -> Group
    ) throws(Failure) {
        all = try Self.entries(configuration.all, resolve)
        any = try Self.entries(configuration.any, resolve)
        none = try Self.entries(configuration.none, resolve)
    }

    private static func entries<Failure: Error>(
        _ configured: [GroupRequirementConfiguration.Entry],
        _ resolve: (GroupReference) throws(Failure) -> Group
    ) throws(Failure) -> [Entry] {
        var entries: [Entry] = []
        for entry in configured {
            switch entry {
            case .group(let reference):
                entries.append(.group(name: reference.name, try resolve(reference)))
            case .requirement(let nested):
                entries.append(.requirement(try GroupRequirement(nested, resolve: resolve)))
            }
        }
        return entries
    }

    /// Applies the rule, the denying part first.
    /// - Parameters:
    ///   - groups: The groups that the person is in, all of them.
    ///   - place: Where the rule stands in the configuration.
    /// - Returns: Whether it holds, and why.
    func decide(_ groups: Set<Group>, place: String = "active") -> Decision {
        for entry in none where Self.holds(entry, groups) {
            return Decision(holds: false, reason: "\(Self.text(entry, isMember: true)) (\(place).none)")
        }
        for (index, entry) in all.enumerated() where !Self.holds(entry, groups) {
            if case .requirement(let nested) = entry {
                return nested.decide(groups, place: "\(place).all[\(index)]")
            }
            return Decision(holds: false, reason: "\(Self.text(entry, isMember: false)) (\(place).all)")
        }
        guard any.isEmpty || any.contains(where: { Self.holds($0, groups) }) else {
            let names = any.map(Self.name).joined(separator: ", ")
            return Decision(holds: false, reason: "a member of none of \(names) (\(place).any)")
        }
        return Decision(holds: true, reason: "every part of \(place) holds")
    }

    private static func holds(_ entry: Entry, _ groups: Set<Group>) -> Bool {
        switch entry {
        case .group(_, let group): groups.contains(group)
        case .requirement(let nested): nested.decide(groups).holds
        }
    }

    private static func name(_ entry: Entry) -> String {
        switch entry {
        case .group(let name, _): "“\(name)”"
        case .requirement: "a nested rule"
        }
    }

    private static func text(_ entry: Entry, isMember: Bool) -> String {
        switch entry {
        case .group(let name, _): isMember ? "a member of “\(name)”" : "not a member of “\(name)”"
        case .requirement: isMember ? "a nested rule holds" : "a nested rule does not hold"
        }
    }
}
