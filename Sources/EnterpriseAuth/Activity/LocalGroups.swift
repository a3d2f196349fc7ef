/// The groups of the host's own files, for people who come from a PAM stack without a directory.
///
/// Never asked through the name service switch: a missing module there silently means fewer groups, and a rule with
/// `none` would open.
public protocol LocalGroups: Sendable {
    /// Whether the local group file has a group of this name.
    /// - Parameters:
    ///   - name: The group's name.
    ///   - deadline: When to give up.
    /// - Returns: True if there is one.
    /// - Throws: Whatever kept the file from being read.
    func hasGroup(named name: String, deadline: ContinuousClock.Instant) async throws -> Bool

    /// The names of the groups that list a person, and of the primary group.
    /// - Parameters:
    ///   - loginName: The person's name.
    ///   - uid: The person's number.
    ///   - deadline: When to give up.
    /// - Returns: The names, or nil if the local user file knows nobody of this name and number.
    /// - Throws: Whatever kept the files from being read.
    func groups(of loginName: String, uid: UInt32, deadline: ContinuousClock.Instant) async throws -> [String]?
}
