public import HostSystem

/// The groups of local people, read anew from the host's own files each time.
public struct HostGroups: LocalGroups {
    private let files: LocalAccountFiles

    /// Takes the files.
    /// - Parameter files: Which files; `/etc/passwd` and `/etc/group` by default.
    public init(_ files: LocalAccountFiles = LocalAccountFiles()) {
        self.files = files
    }

    /// Whether the local group file has a group of this name.
    /// - Parameters:
    ///   - name: The group's name.
    ///   - deadline: When to give up.
    /// - Returns: True if there is one.
    /// - Throws: `HostError` if the file cannot be read.
    public nonisolated(nonsending) func hasGroup(named name: String, deadline: ContinuousClock.Instant) async throws
        -> Bool
    {
        try await UserDatabase.executor.run(deadline: deadline) { [files] () throws(HostError) in
            try files.hasGroup(named: name)
        }
    }

    /// The names of the groups that list a person, and of the primary group.
    /// - Parameters:
    ///   - loginName: The person's name.
    ///   - uid: The person's number.
    ///   - deadline: When to give up.
    /// - Returns: The names, or nil if the local user file knows nobody of this name and number.
    /// - Throws: `HostError` if the files cannot be read.
    public nonisolated(nonsending) func groups(
        of loginName: String,
        uid: UInt32,
        deadline: ContinuousClock.Instant
    ) async throws -> [String]? {
        try await UserDatabase.executor.run(deadline: deadline) { [files] () throws(HostError) in
            try files.groups(of: loginName, userID: uid)
        }
    }
}
