internal import Glibc

extension HostFile {
    /// Follows every symbolic link of a path (realpath(3)).
    /// - Parameter path: The path of something that is there.
    /// - Returns: The absolute path of the same thing, without links, `.` and `..`.
    /// - Throws: ``HostError``.
    public static func resolved(_ path: String) throws(HostError) -> String {
        try checkPath(path)
        guard let text = unsafe realpath(path, nil) else {
            throw HostError(.system(errno), call: "realpath", subject: path)
        }
        // Sound: realpath has allocated the text, NUL-terminated, for this caller to free.
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }
}
