internal import Glibc

/// What the file system says about a file: whose it is, who may use it, what it is.
public struct FileFacts: Sendable, Hashable {
    /// The kinds of file that matter here.
    public enum Kind: Sendable, Hashable {
        /// An ordinary file.
        case regular
        /// A directory.
        case directory
        /// A symbolic link itself, when links are not followed.
        case symbolicLink
        /// A Unix-domain socket.
        case socket
        /// A pipe, a device or something else.
        case other
    }

    /// What it is.
    public let kind: Kind

    /// The owner's numeric user id.
    public let ownerID: UInt32

    /// The numeric group id.
    public let groupID: UInt32

    /// The permission bits, set-id and sticky bits included (`0o7777` at most).
    public let mode: UInt16

    /// The length in bytes.
    public let size: Int

    /// The device and the inode: together they name the file itself, whatever its path.
    public let device: UInt64

    /// The inode number on `device`.
    public let inode: UInt64

    /// Whether it is an ordinary file.
    public var isRegular: Bool { kind == .regular }

    /// Whether people other than the owner and root may read it (group or world).
    public var isReadableByOthers: Bool { mode & 0o044 != 0 }

    /// Whether people other than the owner and root may change it (group or world).
    public var isWritableByOthers: Bool { mode & 0o022 != 0 }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFSOCK: .socket
            default: .other
            }
        ownerID = status.st_uid
        groupID = status.st_gid
        mode = UInt16(status.st_mode & 0o7777)
        size = Int(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    init(descriptor: Int32, path: String) throws(HostError) {
        var status = stat()
        try systemCall("fstat", path) { unsafe fstat(descriptor, &status) }
        self.init(status)
    }
}
