internal import Glibc

/// A file that only grows, such as a log; each piece is written as a whole.
public final class AppendFile: Sendable {
    /// The file.
    public let path: String

    private let file: OwnedDescriptor
    private let facts: FileFacts

    private init(path: String, file: OwnedDescriptor, facts: FileFacts) {
        self.path = path
        self.file = file
        self.facts = facts
    }

    /// Opens a file for appending, making it if it is missing.
    /// - Parameters:
    ///   - path: The file; a symbolic link in its place is refused.
    ///   - mode: The permission bits of a new file, less the process's umask.
    /// - Returns: The open file.
    /// - Throws: ``HostError``.
    public static func open(_ path: String, mode: UInt16 = 0o600) throws(HostError) -> AppendFile {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        let file = try HostFile.open(path, flags: flags, mode: mode)
        let facts = try FileFacts(descriptor: file.descriptor, path: path)
        guard facts.isRegular else { throw HostError(.notRegularFile, call: "open", subject: path) }
        return AppendFile(path: path, file: file, facts: facts)
    }

    /// Whether the path still leads to this file; false once somebody has rotated it away.
    public var isInPlace: Bool {
        guard let now = try? HostFile.facts(of: path, followLinks: false) else { return false }
        return now.inode == facts.inode && now.device == facts.device
    }

    /// Appends bytes; blocks for as long as the file system takes.
    /// - Parameter bytes: What to append.
    /// - Throws: ``HostError``; then a part of it may have been written.
    public func append(_ bytes: [UInt8]) throws(HostError) {
        try unsafe bytes.withUnsafeBufferPointer { (bytes) throws(HostError) in
            try unsafe HostFile.writeAll(UnsafeRawBufferPointer(bytes), to: file.descriptor, path: path)
        }
    }
}
