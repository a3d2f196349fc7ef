internal import Glibc

/// The host's database of people and groups, with all the sources that nsswitch.conf(5) names.
///
/// A lookup may talk to network services and block for long. The plain forms do so on the calling thread; those with a
/// deadline use threads of their own, at most four, and at most 64 callers wait for them.
public enum UserDatabase {
    /// The threads for lookups with a deadline; worth watching, since a service that hangs holds them.
    public static let executor = BlockingExecutor(name: "user-database", width: 4, queueLimit: 64)

    /// The most bytes that one entry may have.
    private static let entryLimit = 1 << 22

    /// Looks a person up by login name.
    /// - Parameter name: The name; one with NUL inside is unknown.
    /// - Returns: The entry, or nil if nobody has the name.
    /// - Throws: ``HostError`` if the database could not say.
    public static func user(named name: String) throws(HostError) -> UserEntry? {
        guard !name.utf8.contains(0) else { return nil }
        var entry = unsafe passwd()
        return try unsafe look("getpwnam_r", name, &entry) { entry, buffer, room, found in
            unsafe getpwnam_r(name, entry, buffer, room, &found)
        } copy: {
            unsafe UserEntry($0)
        }
    }

    /// Looks a person up by number.
    /// - Parameter userID: The number.
    /// - Returns: The entry, or nil if nobody has the number.
    /// - Throws: ``HostError`` if the database could not say.
    public static func user(id userID: UInt32) throws(HostError) -> UserEntry? {
        var entry = unsafe passwd()
        return try unsafe look("getpwuid_r", "\(userID)", &entry) { entry, buffer, room, found in
            unsafe getpwuid_r(userID, entry, buffer, room, &found)
        } copy: {
            unsafe UserEntry($0)
        }
    }

    /// Looks a group up by name.
    /// - Parameter name: The name; one with NUL inside is unknown.
    /// - Returns: The entry, or nil if there is no such group.
    /// - Throws: ``HostError`` if the database could not say.
    public static func group(named name: String) throws(HostError) -> GroupEntry? {
        guard !name.utf8.contains(0) else { return nil }
        var entry = unsafe Glibc.group()
        return try unsafe look("getgrnam_r", name, &entry) { entry, buffer, room, found in
            unsafe getgrnam_r(name, entry, buffer, room, &found)
        } copy: {
            unsafe GroupEntry($0)
        }
    }

    /// Looks a person up by login name, without blocking.
    /// - Parameters:
    ///   - name: The name.
    ///   - deadline: When to give up.
    /// - Returns: The entry, or nil if nobody has the name.
    /// - Throws: ``HostError`` if the database could not say in time.
    public static func user(
        named name: String,
        deadline: ContinuousClock.Instant
    ) async throws(HostError) -> UserEntry? {
        try await executor.run(deadline: deadline) { () throws(HostError) in try user(named: name) }
    }

    /// Looks a person up by number, without blocking.
    /// - Parameters:
    ///   - userID: The number.
    ///   - deadline: When to give up.
    /// - Returns: The entry, or nil if nobody has the number.
    /// - Throws: ``HostError`` if the database could not say in time.
    public static func user(
        id userID: UInt32,
        deadline: ContinuousClock.Instant
    ) async throws(HostError) -> UserEntry? {
        try await executor.run(deadline: deadline) { () throws(HostError) in try user(id: userID) }
    }

    /// Looks a group up by name, without blocking.
    /// - Parameters:
    ///   - name: The name.
    ///   - deadline: When to give up.
    /// - Returns: The entry, or nil if there is no such group.
    /// - Throws: ``HostError`` if the database could not say in time.
    public static func group(
        named name: String,
        deadline: ContinuousClock.Instant
    ) async throws(HostError) -> GroupEntry? {
        try await executor.run(deadline: deadline) { () throws(HostError) in try group(named: name) }
    }

    /// Calls one of the `…_r` functions with more and more room until the entry fits.
    private static func look<Entry, Value>(
        _ call: String,
        _ subject: String,
        _ entry: inout Entry,
        _ body: (
            UnsafeMutablePointer<Entry>, UnsafeMutablePointer<CChar>, Int, inout UnsafeMutablePointer<Entry>?
        ) -> Int32,
        copy: (Entry) -> Value?
    ) throws(HostError) -> Value? {
        var room = 4096
        while room <= entryLimit {
            var buffer = [CChar](repeating: 0, count: room)
            var found: UnsafeMutablePointer<Entry>?
            var value: Value?
            // Sound: the entry points into the buffer, and is copied while both are held.
            let code = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
                unsafe withUnsafeMutablePointer(to: &entry) { entry in
                    guard let start = buffer.baseAddress else { return ENOMEM }
                    let code = unsafe body(entry, start, room, &found)
                    if code == 0, unsafe found != nil { value = unsafe copy(entry.pointee) }
                    return code
                }
            }
            switch code {
            case 0, ENOENT, ESRCH: return value  // getpwnam_r(3): these numbers too are used for "nobody".
            case EINTR: continue
            case ERANGE: room *= 4
            default: throw HostError(.system(code), call: call, subject: subject)
            }
        }
        throw HostError(.tooLarge(limit: entryLimit), call: call, subject: subject)
    }
}

extension UserEntry {
    fileprivate init?(_ entry: passwd) {
        // A name that is not UTF-8 is nobody's here: repaired it could be another person's.
        guard let bytes = unsafe entry.pw_name, let name = unsafe String(validatingCString: bytes) else { return nil }
        unsafe self.init(
            name: name,
            userID: entry.pw_uid,
            groupID: entry.pw_gid,
            comment: entry.pw_gecos.map { unsafe String(cString: $0) } ?? "",
            homeDirectory: entry.pw_dir.map { unsafe String(cString: $0) } ?? "",
            shell: entry.pw_shell.map { unsafe String(cString: $0) } ?? ""
        )
    }
}

extension GroupEntry {
    fileprivate init?(_ entry: group) {
        guard let name = unsafe entry.gr_name else { return nil }
        var members: [String] = []
        var next = unsafe entry.gr_mem
        while let member = unsafe next?.pointee {
            unsafe members.append(String(cString: member))
            unsafe next = next?.successor()
        }
        unsafe self.init(name: String(cString: name), groupID: entry.gr_gid, members: members)
    }
}
