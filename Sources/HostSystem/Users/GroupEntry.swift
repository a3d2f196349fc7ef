/// A group as the host's group database (group(5)) knows it; the password field is left out.
public struct GroupEntry: Sendable, Hashable {
    /// The group's name.
    public let name: String
    /// The numeric group id.
    public let groupID: UInt32
    /// The names of the members that are listed; those who have it as their primary group usually are not.
    public let members: [String]
}
