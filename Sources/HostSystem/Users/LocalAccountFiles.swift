/// The host's own user and group files, read directly: passwd(5) and group(5).
///
/// The name service switch is left out on purpose: a module that is missing there silently means fewer groups. For the
/// same reason a line that cannot be understood is an error and not skipped: it might name a group that forbids. Comments,
/// empty lines and the `+`/`-` lines of the old compat mode are skipped. The files are read anew each time; they are
/// small and local.
public struct LocalAccountFiles: Sendable {
    /// The most bytes that a file may have.
    public static let sizeLimit = 16 << 20

    private let userPath: String
    private let groupPath: String

    /// Names the files.
    /// - Parameters:
    ///   - userPath: The user file.
    ///   - groupPath: The group file.
    public init(userPath: String = "/etc/passwd", groupPath: String = "/etc/group") {
        self.userPath = userPath
        self.groupPath = groupPath
    }

    /// Whether the group file has a group of some name.
    /// - Parameter name: The group's name.
    /// - Returns: True if there is one.
    /// - Throws: ``HostError`` if the file cannot be read or understood; the subject names file and line.
    public func hasGroup(named name: String) throws(HostError) -> Bool {
        try allGroups().contains { $0.name == name }
    }

    /// All groups of the group file, in its order.
    /// - Returns: The groups; names may occur more than once.
    /// - Throws: ``HostError`` as ``hasGroup(named:)`` does.
    public func allGroups() throws(HostError) -> [GroupEntry] {
        var groups: [GroupEntry] = []
        for line in try lines(of: groupPath, fieldCount: 4) {
            guard let groupID = UInt32(line.fields[2]) else { throw malformed(groupPath, line.number) }
            let members = line.fields[3].split(separator: ",").map(String.init)
            groups.append(GroupEntry(name: line.fields[0], groupID: groupID, members: members))
        }
        return groups
    }

    /// All people of the user file, in its order.
    /// - Returns: The people; names may occur more than once.
    /// - Throws: ``HostError`` as ``hasGroup(named:)`` does.
    public func allUsers() throws(HostError) -> [UserEntry] {
        var users: [UserEntry] = []
        for line in try lines(of: userPath, fieldCount: 7) {
            let fields = line.fields
            guard let userID = UInt32(fields[2]), let groupID = UInt32(fields[3]) else {
                throw malformed(userPath, line.number)
            }
            users.append(
                UserEntry(
                    name: fields[0],
                    userID: userID,
                    groupID: groupID,
                    comment: fields[4],
                    homeDirectory: fields[5],
                    shell: fields[6]
                )
            )
        }
        return users
    }

    /// The names of the groups that list a person, and of the person's primary group.
    /// - Parameters:
    ///   - name: The login name, compared byte by byte.
    ///   - userID: The person's number, which must be the one in the file.
    /// - Returns: The names without repetition, in the file's order; nil if the user file has nobody of this name and
    ///   number. A name that stands there more than once means the first, as it does for the host itself.
    /// - Throws: ``HostError`` as ``hasGroup(named:)`` does.
    public func groups(of name: String, userID: UInt32) throws(HostError) -> [String]? {
        let user = try allUsers().first { $0.name.utf8.elementsEqual(name.utf8) }
        guard let user, user.userID == userID else { return nil }
        var names: [String] = []
        for group in try allGroups() {
            let isMember = group.groupID == user.groupID || group.members.contains { $0.utf8.elementsEqual(name.utf8) }
            if isMember, !names.contains(group.name) { names.append(group.name) }
        }
        return names
    }

    private struct Line {
        var number: Int
        var fields: [String]
    }

    private func lines(of path: String, fieldCount: Int) throws(HostError) -> [Line] {
        let content = try HostFile.read(path, limit: Self.sizeLimit)
        var lines: [Line] = []
        for (index, text) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            guard let first = text.first, ![UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(first)
            else { continue }
            let fields = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == fieldCount, !fields[0].isEmpty, !text.contains(0) else {
                throw malformed(path, index + 1)
            }
            lines.append(Line(number: index + 1, fields: fields.map { String(decoding: $0, as: UTF8.self) }))
        }
        return lines
    }

    private func malformed(_ path: String, _ line: Int) -> HostError {
        HostError(
            .invalid("the line is malformed; pwck(8) and grpck(8) find such"),
            call: "read",
            subject: "\(path):\(line)"
        )
    }
}
