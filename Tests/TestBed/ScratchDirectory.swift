internal import CTestBed
internal import Foundation

/// A directory of one test's own below the system's temporary directory, readable by its owner only.
///
/// The path is short enough for a socket in it.
public struct ScratchDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes a directory.
    ///
    /// - Parameter name: A few letters that say whose it is.
    /// - Throws: What the file system says.
    public init(name: String = "test") throws {
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let unique = UUID().uuidString.prefix(13).lowercased()
        path = "\(temporary)/ent-login-\(name)-\(unique)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// The path of a file in it.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: The whole path.
    public func path(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Writes a file, or replaces it in one step.
    ///
    /// Nothing is flushed to the disk, unlike Foundation does: on a busy one a test would stand still for that.
    /// - Parameters:
    ///   - text: What to write.
    ///   - name: The file's name.
    ///   - permissions: Its mode.
    /// - Returns: The file's path.
    /// - Throws: ``TestBedError`` when it cannot be written.
    @discardableResult
    public func write(_ text: String, to name: String, permissions: Int = 0o600) throws -> String {
        try write(text.utf8, to: name, permissions: permissions)
    }

    /// Writes a file of bytes, as ``write(_:to:permissions:)-(String,_,_)`` does one of text.
    ///
    /// - Parameters:
    ///   - bytes: What to write.
    ///   - name: The file's name.
    ///   - permissions: Its mode.
    /// - Returns: The file's path.
    /// - Throws: ``TestBedError`` when it cannot be written.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>, to name: String, permissions: Int = 0o600) throws -> String {
        let (target, fresh) = (path(name), path("\(name).new"))
        let descriptor = ctb_create(fresh, Int32(permissions))
        guard descriptor >= 0 else { throw TestBedError("cannot write \(fresh)") }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(bytes))
        guard ctb_rename(fresh, target) == 0 else { throw TestBedError("cannot write \(target)") }
        return target
    }

    /// Reads a file; bytes that are not UTF-8 are replaced.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: Its text.
    /// - Throws: What the file system says.
    public func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
    }

    /// Removes it and everything in it.
    public func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
