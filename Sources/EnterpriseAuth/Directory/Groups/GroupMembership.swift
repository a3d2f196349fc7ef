internal import LDAPClient

/// A group that a person is in, and how.
public struct GroupMembership: Sendable, Hashable {
    /// The group's name, as the directory spells it.
    public let name: String

    /// The group's entry, as the server wrote it.
    public let dn: String

    /// The names of the groups that led here, the one the person is directly in first; empty for a direct membership.
    ///
    /// Known only where the lookup was asked to explain; otherwise `via` is empty for nested groups too.
    public let via: [String]

    /// How many groups lie between the person and this one.
    public let depth: Int

    /// What is compared.
    let group: DistinguishedName
}
