internal import Foundation

/// A program run to its end, with everything it printed.
///
/// Input and output go through files in a scratch directory: there is no pipe that fills up or that a daemon keeps open.
public struct Command: Sendable {
    /// The exit status; 128 + n when signal n ended the program, as in a shell.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let errors: String
    /// Whether it was killed because its time was up.
    public let timedOut: Bool

    /// Runs a program and waits for it without blocking a thread of the cooperative pool.
    ///
    /// Cancelling the task kills the program.
    ///
    /// - Parameters:
    ///   - path: The program; without a slash it is looked up in `PATH`, `/usr/sbin` and `/sbin`.
    ///   - arguments: Its arguments.
    ///   - input: What it reads from standard input.
    ///   - environment: Variables set on top of this process's own; nil removes one.
    ///   - directory: Its working directory; this process's own by default.
    ///   - limit: After this long it is killed.
    /// - Returns: Status and output.
    /// - Throws: ``TestBedError`` when the program cannot be started.
    public static func run(
        _ path: String,
        _ arguments: [String] = [],
        input: String = "",
        environment: [String: String?] = [:],
        directory: String? = nil,
        limit: Duration = .seconds(60)
    ) async throws -> Command {
        let program = try RunningProgram(
            path,
            arguments,
            input: input,
            environment: environment,
            directory: directory
        )
        return await program.finish(limit: limit)
    }

    /// Finds a program.
    ///
    /// - Parameter name: A path, or a name to look up in `PATH`, `/usr/sbin` and `/sbin`.
    /// - Returns: Its path.
    /// - Throws: ``TestBedError`` when there is none.
    public static func locate(_ name: String) throws -> String {
        if name.contains("/") { return name }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
        for folder in path.split(separator: ":") as [Substring] {
            let candidate = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw TestBedError("\(name) is not installed; Scripts/bootstrap installs what the tests need")
    }
}
