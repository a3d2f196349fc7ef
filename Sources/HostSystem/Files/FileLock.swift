internal import Glibc

/// An exclusive lock that one process holds on a file for as long as the object lives.
///
/// The lock (flock(2)) goes away with the process, however it ends; the file stays, and holds the process id of its last
/// holder as a note for people. It guards against other processes and other `FileLock`s alike.
public final class FileLock: Sendable {
    private let file: OwnedDescriptor

    /// The lock file.
    public let path: String

    private init(file: OwnedDescriptor, path: String) {
        self.file = file
        self.path = path
    }

    deinit {
        release()
    }

    /// Takes the lock if it is free; never waits.
    /// - Parameters:
    ///   - path: The lock file, made if missing; a symbolic link is refused.
    ///   - mode: The permission bits of a new lock file.
    /// - Returns: The lock, or nil if somebody holds it.
    /// - Throws: ``HostError`` if the file cannot be opened or locked for another reason.
    public static func tryAcquire(_ path: String, mode: UInt16 = 0o600) throws(HostError) -> FileLock? {
        while true {
            let file = try HostFile.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: mode)
            do {
                try systemCall("flock", path) { flock(file.descriptor, LOCK_EX | LOCK_NB) }
            } catch  where error.code == EWOULDBLOCK {
                return nil
            }
            // Somebody may have removed or replaced the file in between: then what is locked is no longer at the path.
            let held = try FileFacts(descriptor: file.descriptor, path: path)
            guard let now = try? HostFile.facts(of: path), now.inode == held.inode, now.device == held.device
            else { continue }
            try systemCall("ftruncate", path) { ftruncate(file.descriptor, 0) }
            try unsafe Array("\(getpid())\n".utf8).withUnsafeBufferPointer { (note) throws(HostError) in
                try unsafe HostFile.writeAll(UnsafeRawBufferPointer(note), to: file.descriptor, path: path)
            }
            return FileLock(file: file, path: path)
        }
    }

    /// The process that wrote the note in the lock file.
    ///
    /// Worth asking after ``tryAcquire(_:mode:)`` has returned nil, and only for a message to a person: a holder that
    /// crashed leaves its note behind.
    /// - Parameter path: The lock file.
    /// - Returns: A process id, or nil if there is no readable note.
    public static func holder(of path: String) -> Int32? {
        guard let note = try? HostFile.read(path, limit: 32) else { return nil }
        return Int32(String(decoding: note, as: UTF8.self).prefix { $0 != "\n" })
    }

    /// Gives the lock back early, and removes the note.
    public func release() {
        _ = ftruncate(file.descriptor, 0)
        // Unlocked by name: closing alone would leave the lock with a child that is between fork and exec just now.
        _ = flock(file.descriptor, LOCK_UN)
        file.close()
    }
}
