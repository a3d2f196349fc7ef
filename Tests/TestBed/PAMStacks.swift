internal import CTestBed
internal import Foundation

/// PAM stacks in a scratch directory of their own, removed with the last reference.
public final class PAMStacks: Sendable {
    private let scratch: ScratchDirectory

    /// The scratch directory; holds the module and the lists.
    public var directory: String { scratch.path }

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
    /// - Throws: ``TestBedError``, or what the file system says.
    public init(people: [String: String] = [:], services: [String: String]) throws {
        scratch = try ScratchDirectory(name: "pam")
        // Not what the umask says: a stack that a group may write is none.
        try FileManager.default.createDirectory(
            atPath: confdir,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        if let problem = Self.compiled.problem { throw TestBedError(problem) }
        try Data(Self.compiled.module).write(to: URL(fileURLWithPath: module))
        try scratch.write(people.map { "\($0.key):\($0.value)\n" }.joined(), to: "people")
        for (name, text) in services { try write(name, text) }
    }

    /// Makes the stacks of `config/testbed/pam/stacks` with the people of the whole test bed.
    /// - Throws: ``TestBedError``, or what the file system says.
    public init() throws {
        scratch = try ScratchDirectory(name: "pam")
        try Self.build(in: scratch)
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

    /// The module, compiled once for the whole test run, or why it could not be.
    private static let compiled: (module: [UInt8], problem: String?) = {
        do {
            let scratch = try ScratchDirectory(name: "pam")
            defer { scratch.remove() }
            for list in ["people", "states"] { try scratch.write("", to: list) }
            try build(in: scratch)
            return (Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path("pam_testbed.so")))), nil)
        } catch {
            return ([], "\(error)")
        }
    }()

    /// Runs `build-stacks` and waits for it: a quarter of a second, in which the calling thread stands still.
    private static func build(in scratch: ScratchDirectory) throws {
        let script = "\(Repository.testBed)/pam/build-stacks"
        let log = try scratch.write("", to: "build.log")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        // The separators are ctb_spawn's.
        let arguments = "\(script)\u{1F}\(scratch.path)\u{1F}"
        let child = ctb_spawn(script, arguments, "PATH=\(path)\u{1F}", "", "/dev/null", log, log)
        guard child > 0 else { throw TestBedError("build-stacks cannot be started") }
        ctb_await(child)
        guard ctb_reap(child) == 0 else { throw TestBedError("build-stacks failed: \(try scratch.read("build.log"))") }
    }
}
