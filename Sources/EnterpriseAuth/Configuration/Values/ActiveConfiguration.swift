/// `[active]`: who is active, for the people of every provider.
public struct ActiveConfiguration: Sendable, Equatable {
    /// Where the groups of local people are looked up.
    public enum Source: String, Sendable, CaseIterable {
        /// The local group file and the primary group.
        case unix
    }

    /// `everyone = true`: whoever a provider verifies is active; no groups are looked up.
    public var everyone = false
    /// The name of the directory whose groups count.
    public var directory: String?
    /// Where the groups of local people are looked up; nil means local people are never active.
    public var source: Source?
    /// The smallest user number of a local person who can be active.
    public var minimumUID: UInt32 = 1000
    /// The rule about groups.
    public var requirement = GroupRequirementConfiguration()
    /// How often a live session's person is checked again.
    public var recheck: Duration = .seconds(60)
    /// For how long after the last answer sessions live on while the directory does not answer.
    public var outageGrace: Duration = .seconds(900)

    /// Makes a rule that holds for nobody until a directory, a source or `everyone` is set.
    public init() {}
}
