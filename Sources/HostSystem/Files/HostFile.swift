internal import CHostShim
internal import Glibc

/// Small files of the local host: configuration, secrets, state.
///
/// Calls block for as long as the file system takes. Every descriptor is close-on-exec. Paths are taken as they are;
/// one with a NUL inside is refused rather than cut.
public enum HostFile {
    /// Reads a whole regular file.
    /// - Parameters:
    ///   - path: The file; symbolic links are followed.
    ///   - limit: The most bytes that are accepted.
    /// - Returns: The content.
    /// - Throws: ``HostError``; `.tooLarge` if there is more than `limit`, `.notRegularFile` for anything else than
    ///   a file.
    public static func read(_ path: String, limit: Int) throws(HostError) -> [UInt8] {
        try readWithFacts(path, limit: limit).bytes
    }

    /// Reads a whole regular file and tells whose it is.
    ///
    /// The facts belong to the very file that was read: they come from the open descriptor, not from the path.
    /// - Parameters:
    ///   - path: The file; symbolic links are followed.
    ///   - limit: The most bytes that are accepted.
    /// - Returns: The content and the facts.
    /// - Throws: ``HostError`` as ``read(_:limit:)`` does.
    public static func readWithFacts(
        _ path: String,
        limit: Int
    ) throws(HostError) -> (bytes: [UInt8], facts: FileFacts) {
        let (file, facts) = try openForReading(path, limit: limit)
        // One byte more than expected, so that a file that grows is noticed.
        var bytes = [UInt8](repeating: 0, count: facts.size + 1)
        var count = 0
        while true {
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: count)) }
            let more = try unsafe bytes.withUnsafeMutableBufferPointer { (buffer) throws(HostError) -> Int in
                try unsafe readSome(file, path, into: UnsafeMutableRawBufferPointer(buffer), from: count)
            }
            count += more
            if count > limit { throw HostError(.tooLarge(limit: limit), call: "read", subject: path) }
            if more == 0 { break }
        }
        bytes.removeLast(bytes.count - count)
        return (bytes, facts)
    }

    /// Reads a whole regular file whose content is a secret, without leaving a copy behind.
    /// - Parameters:
    ///   - path: The file; symbolic links are followed.
    ///   - limit: The most bytes that are accepted.
    /// - Returns: The secret, byte for byte, and the facts about the file that was read.
    /// - Throws: ``HostError`` as ``read(_:limit:)`` does.
    public static func readSecret(
        _ path: String,
        limit: Int
    ) throws(HostError) -> (secret: SecretBytes, facts: FileFacts) {
        let (file, facts) = try openForReading(path, limit: limit)
        let secret = try unsafe SecretBytes(capacity: limit + 1) { (buffer) throws(HostError) -> Int in
            var count = 0
            while count < buffer.count {
                let more = try unsafe readSome(file, path, into: buffer, from: count)
                if more == 0 { return count }
                count += more
            }
            throw HostError(.tooLarge(limit: limit), call: "read", subject: path)
        }
        return (secret, facts)
    }

    /// Tells whose a file is and what it is.
    /// - Parameters:
    ///   - path: Any path.
    ///   - followLinks: Whether a symbolic link stands for its target.
    /// - Returns: The facts.
    /// - Throws: ``HostError``.
    public static func facts(of path: String, followLinks: Bool = true) throws(HostError) -> FileFacts {
        try checkPath(path)
        var status = stat()
        try systemCall("stat", path) {
            unsafe fstatat(AT_FDCWD, path, &status, followLinks ? 0 : AT_SYMLINK_NOFOLLOW)
        }
        return FileFacts(status)
    }

    /// Tells whether something stands at a path.
    /// - Parameter path: Any path; symbolic links are followed.
    /// - Returns: False only if there is certainly nothing.
    /// - Throws: ``HostError`` if it cannot be told, for example for lack of permission on a directory.
    public static func exists(_ path: String) throws(HostError) -> Bool {
        do {
            _ = try facts(of: path)
            return true
        } catch  where error.code == ENOENT || error.code == ENOTDIR {
            return false
        }
    }

    /// Makes a directory with exactly the given permissions.
    /// - Parameters:
    ///   - path: The directory; the one above must exist unless `intermediates` is set.
    ///   - mode: The permission bits; the process's umask does not change them.
    ///   - intermediates: Whether missing directories above are made too, and an existing one is no error.
    /// - Throws: ``HostError``.
    public static func makeDirectory(
        _ path: String,
        mode: UInt16 = 0o700,
        intermediates: Bool = false
    ) throws(HostError) {
        try checkPath(path)
        if intermediates, try exists(path) { return }
        if intermediates, let slash = path.drop(while: { $0 == "/" }).lastIndex(of: "/") {
            try makeDirectory(String(path[..<slash]), mode: mode, intermediates: true)
        }
        do {
            try systemCall("mkdir", path) { unsafe mkdir(path, mode_t(mode)) }
        } catch  where intermediates && error.code == EEXIST {
            return  // Somebody else was faster; their directory keeps its permissions.
        }
        try systemCall("chmod", path) { unsafe chmod(path, mode_t(mode)) }
    }

    /// Removes a file or a symbolic link.
    /// - Parameter path: The file; nothing there is no error.
    /// - Throws: ``HostError``.
    public static func remove(_ path: String) throws(HostError) {
        try checkPath(path)
        do {
            try systemCall("unlink", path) { unsafe unlink(path) }
        } catch  where error.isNotFound {
            return
        }
    }

    /// The folder that a path lies in, by its text alone.
    /// - Parameter path: A path.
    /// - Returns: What stands before the last slash; `.` if there is none.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func checkPath(_ path: String) throws(HostError) {
        guard !path.utf8.contains(0), !path.isEmpty else {
            throw HostError(.invalid("a path may not be empty or hold NUL"), call: "open")
        }
    }

    static func open(_ path: String, flags: Int32, mode: UInt16 = 0) throws(HostError) -> OwnedDescriptor {
        try checkPath(path)
        let descriptor = try systemCall("open", path) {
            unsafe Glibc.open(path, flags | O_CLOEXEC, mode_t(mode))
        }
        return OwnedDescriptor(adopting: descriptor)
    }

    private static func openForReading(
        _ path: String,
        limit: Int
    ) throws(HostError) -> (OwnedDescriptor, FileFacts) {
        precondition(limit >= 0 && limit < Int.max, "a limit is a number of bytes")
        // O_NONBLOCK: opening a pipe that nobody writes to must not hang; on regular files it means nothing.
        let file = try open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let facts = try FileFacts(descriptor: file.descriptor, path: path)
        guard facts.isRegular else { throw HostError(.notRegularFile, call: "open", subject: path) }
        guard facts.size <= limit else { throw HostError(.tooLarge(limit: limit), call: "open", subject: path) }
        return (file, facts)
    }

    private static func readSome(
        _ file: OwnedDescriptor,
        _ path: String,
        into buffer: UnsafeMutableRawBufferPointer,
        from start: Int
    ) throws(HostError) -> Int {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
        return try systemCall("read", path) { unsafe Glibc.read(file.descriptor, rest.baseAddress, rest.count) }
    }
}
