internal import Glibc

extension HostFile {
    /// Tells where a symbolic link leads, one step (readlink(2)).
    /// - Parameter path: The link.
    /// - Returns: Its text, which may be relative to the link's directory; nil if the path is something else.
    /// - Throws: ``HostError``.
    public static func linkTarget(_ path: String) throws(HostError) -> String? {
        guard try facts(of: path, followLinks: false).kind == .symbolicLink else { return nil }
        var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe text.withUnsafeMutableBytes { buffer in
            guard let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
            return unsafe readlink(path, base, buffer.count)
        }
        guard count >= 0 else { throw HostError(.system(errno), call: "readlink", subject: path) }
        guard let target = String(validating: text.prefix(count), as: UTF8.self) else {
            throw HostError(.invalid("the link's text is not UTF-8"), call: "readlink", subject: path)
        }
        return target
    }
}
