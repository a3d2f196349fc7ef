internal import Glibc

extension HostFile {
    /// Replaces a file as a whole: afterwards there is the old content or the new one, also after a power cut.
    ///
    /// The content goes to a new file beside it, is flushed (`fsync`), takes the name (`rename`), and the directory is
    /// flushed too. A symbolic link at `path` is replaced, not followed.
    /// - Parameters:
    ///   - bytes: The new content.
    ///   - path: The file.
    ///   - mode: The permission bits; the process's umask does not change them.
    /// - Throws: ``HostError``; then the old content still stands and nothing is left beside it.
    public static func writeAtomically(
        _ bytes: some Sequence<UInt8>,
        to path: String,
        mode: UInt16 = 0o600
    ) throws(HostError) {
        try replace(path, mode: mode) { (descriptor) throws(HostError) in
            try unsafe Array(bytes).withUnsafeBufferPointer { (bytes) throws(HostError) in
                try unsafe writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, path: path)
            }
        }
    }

    /// Replaces a file by one that holds a secret, as ``writeAtomically(_:to:mode:)`` does.
    /// - Parameters:
    ///   - secret: The new content, which is not copied on the way.
    ///   - path: The file.
    ///   - mode: The permission bits.
    /// - Throws: ``HostError``.
    public static func writeAtomically(
        _ secret: SecretBytes,
        to path: String,
        mode: UInt16 = 0o600
    ) throws(HostError) {
        try replace(path, mode: mode) { (descriptor) throws(HostError) in
            try unsafe secret.withUnsafeBytes { (bytes) throws(HostError) in
                try unsafe writeAll(bytes, to: descriptor, path: path)
            }
        }
    }

    private static func replace(
        _ path: String,
        mode: UInt16,
        write: (Int32) throws(HostError) -> Void
    ) throws(HostError) {
        try checkPath(path)
        let directory = folder(of: path)
        let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
        let (file, temporary) = try makeTemporary(in: directory, name: name)
        do {
            try write(file.descriptor)
            try systemCall("fchmod", temporary) { fchmod(file.descriptor, mode_t(mode)) }
            try systemCall("fsync", temporary) { fsync(file.descriptor) }
            try systemCall("rename", path) { unsafe rename(temporary, path) }
        } catch {
            try? remove(temporary)
            throw error
        }
        let parent = try open(directory, flags: O_RDONLY | O_DIRECTORY)
        try systemCall("fsync", directory) { fsync(parent.descriptor) }
    }

    /// A new, empty file that only this user can open.
    private static func makeTemporary(
        in directory: String,
        name: Substring
    ) throws(HostError) -> (OwnedDescriptor, String) {
        for _ in 0..<100 {
            let suffix = String(UInt32.random(in: 0 ... .max), radix: 36)
            let temporary = "\(directory)/.\(name).\(suffix)"
            do {
                let file = try open(temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
                return (file, temporary)
            } catch  where error.code == EEXIST {
                continue
            }
        }
        throw HostError(.system(EEXIST), call: "open", subject: directory)
    }

    static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(HostError) {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let count = try systemCall("write", path) { unsafe write(descriptor, rest.baseAddress, rest.count) }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
