import Foundation

/// PAM stacks in a scratch directory of their own, removed with the last reference.
public final class PAMStacks: Sendable {
    /// A failure of the test bed itself.
    public struct Failure: Error, CustomStringConvertible {
        /// What happened.
        public let description: String
    }

    /// The scratch directory; holds the module and the lists.
    public let directory: String

    /// What `pam_start_confdir` is given.
    public var confdir: String { "\(directory)/pam.d" }

    /// The module that does what its arguments say.
    public var module: String { "\(directory)/pam_testbed.so" }

    /// The list that `people=@DIR@/people` reads.
    public var people: String { "\(directory)/people" }

    /// Makes stacks from text.
    ///
    /// In the text `MODULE` stands for the module and `@DIR@` for the scratch directory.
    /// - Parameters:
    ///   - people: Passwords by name.
    ///   - services: The text of each service's file by name.
    /// - Throws: ``Failure``, or what the file system says.
    public init(people: [String: String] = [:], services: [String: String]) throws {
        directory = try Self.makeScratch()
        try FileManager.default.createDirectory(atPath: confdir, withIntermediateDirectories: true)
        try Self.compiled.get().write(to: URL(fileURLWithPath: module))
        let lines = people.map { "\($0.key):\($0.value)\n" }.joined()
        try Data(lines.utf8).write(to: URL(fileURLWithPath: self.people))
        for (name, text) in services { try write(name, text) }
    }

    /// Makes the stacks of `config/testbed/pam/stacks` with the people of the whole test bed.
    /// - Throws: ``Failure``, or what the file system says.
    public init() throws {
        directory = try Self.makeScratch()
        try Self.build(in: directory)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Adds a service or replaces it.
    /// - Parameters:
    ///   - service: The name of the file.
    ///   - text: Its lines, with `MODULE` and `@DIR@` to be filled in.
    /// - Throws: What the file system says.
    public func write(_ service: String, _ text: String) throws {
        let filled = text.replacingOccurrences(of: "MODULE", with: module)
            .replacingOccurrences(of: "@DIR@", with: directory)
        try Data((filled + "\n").utf8).write(to: URL(fileURLWithPath: "\(confdir)/\(service)"))
    }

    /// Reads a file of the scratch directory, such as the module's log; empty if there is none.
    /// - Parameter name: The file's name.
    /// - Returns: Its text.
    public func text(of name: String) -> String {
        (try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)) ?? ""
    }

    /// The module, compiled once for the whole test run.
    private static let compiled = Result<Data, any Error> {
        let directory = try makeScratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for list in ["people", "states"] { try Data().write(to: URL(fileURLWithPath: "\(directory)/\(list)")) }
        try build(in: directory)
        return try Data(contentsOf: URL(fileURLWithPath: "\(directory)/pam_testbed.so"))
    }

    private static func makeScratch() throws -> String {
        let path = "\(NSTemporaryDirectory())/ent-login-pam-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        return path
    }

    private static func build(in directory: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let errors = Pipe()
        let process = Process()
        process.executableURL = root.appendingPathComponent("config/testbed/pam/build-stacks")
        process.arguments = [directory]
        process.standardError = errors
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "build-stacks failed: \(String(decoding: text, as: UTF8.self))")
        }
    }
}
