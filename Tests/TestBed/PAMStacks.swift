internal import Foundation

/// PAM stacks in a scratch directory of their own, removed with the last reference.
public final class PAMStacks: Sendable {
    private let scratch: ScratchDirectory

    /// The scratch directory; holds the module and the lists.
    public var directory: String { scratch.path }

    /// What `pam_start_confdir` is given.
    public var confdir: String { "\(directory)/pam.d" }

    /// The module that does what its arguments say.
    public var module: String { scratch.path(Self.moduleName) }

    /// The list that `people=@DIR@/people` reads.
    public var people: String { "\(directory)/people" }

    /// Makes stacks from text.
    ///
    /// In the text `MODULE` stands for the module and `@DIR@` for the scratch directory.
    /// - Parameters:
    ///   - people: Passwords by name.
    ///   - services: The text of each service's file by name.
    /// - Throws: ``TestBedError``, or what the file system says.
    public init(people: [String: String] = [:], services: [String: String]) async throws {
        scratch = try ScratchDirectory(name: "pam")
        // Not what the umask says: a stack that a group may write is none.
        try FileManager.default.createDirectory(
            atPath: confdir,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try scratch.write(try await Self.compiled.value, to: Self.moduleName)
        try scratch.write(people.map { "\($0.key):\($0.value)\n" }.joined(), to: "people")
        for (name, text) in services { try write(name, text) }
    }

    /// Makes the stacks of `config/testbed/pam/stacks` with the people of the whole test bed.
    /// - Throws: ``TestBedError``, or what the file system says.
    public init() async throws {
        scratch = try ScratchDirectory(name: "pam")
        try scratch.write(try await Self.compiled.value, to: Self.moduleName)
        try await Self.build(in: scratch)
    }

    deinit {
        scratch.remove()
    }

    /// Adds a service or replaces it.
    /// - Parameters:
    ///   - service: The name of the file.
    ///   - text: Its lines, with `MODULE` and `@DIR@` to be filled in.
    /// - Throws: What the file system says.
    public func write(_ service: String, _ text: String) throws {
        let filled = text.replacingOccurrences(of: "MODULE", with: module)
            .replacingOccurrences(of: "@DIR@", with: directory)
        try scratch.write(filled + "\n", to: "pam.d/\(service)")
    }

    /// Reads a file of the scratch directory, such as the module's log; empty if there is none.
    /// - Parameter name: The file's name.
    /// - Returns: Its text.
    public func text(of name: String) -> String {
        (try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)) ?? ""
    }

    private static let moduleName = "pam_testbed.so"

    /// The module, compiled once for the whole test run.
    private static let compiled = Task { () throws -> Data in
        let scratch = try ScratchDirectory(name: "pam")
        defer { scratch.remove() }
        for list in ["people", "states"] { try scratch.write("", to: list) }
        try await build(in: scratch)
        return try Data(contentsOf: URL(fileURLWithPath: scratch.path(moduleName)))
    }

    private static func build(in scratch: ScratchDirectory) async throws {
        try await Command.run("\(Repository.testBed)/pam/build-stacks", [scratch.path]).check("build-stacks")
    }
}
