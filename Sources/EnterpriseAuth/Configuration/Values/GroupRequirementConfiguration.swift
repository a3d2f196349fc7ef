/// A rule about groups: a member of all of these, of at least one of those, and of none of the others.
///
/// Entries nest: `all = ["staff", { any = ["red", "blue"] }]`. An empty rule holds for everyone; the loader refuses
/// one in a file.
public struct GroupRequirementConfiguration: Sendable, Equatable {
    /// One entry of a list: a group, or a rule of its own.
    public enum Entry: Sendable, Equatable {
        /// Holds for the members of the group.
        case group(GroupReference)
        /// Holds where the nested rule holds.
        case requirement(GroupRequirementConfiguration)
    }

    /// All of these must hold.
    public var all: [Entry] = []
    /// At least one of these must hold, if there are any.
    public var any: [Entry] = []
    /// None of these may hold.
    public var none: [Entry] = []

    /// Makes a rule that asks nothing.
    public init() {}

    /// Makes a rule of group names.
    /// - Parameters:
    ///   - all: The person must be in all of these.
    ///   - any: The person must be in at least one of these, if there are any.
    ///   - none: The person must be in none of these.
    public init(all: [String] = [], any: [String] = [], none: [String] = []) {
        self.all = all.map { .group(GroupReference($0)) }
        self.any = any.map { .group(GroupReference($0)) }
        self.none = none.map { .group(GroupReference($0)) }
    }

    /// Whether the rule asks nothing at all.
    public var isEmpty: Bool {
        all.isEmpty && any.isEmpty && none.isEmpty
    }

    /// Every group that the rule names, nested ones included, in the order of the file.
    public var references: [GroupReference] {
        (all + any + none).flatMap { entry in
            switch entry {
            case .group(let reference): [reference]
            case .requirement(let nested): nested.references
            }
        }
    }
}
