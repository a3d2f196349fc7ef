internal import Foundation

/// A program run to its end, with everything it printed.
///
/// Input and output go through files in a scratch directory: there is no pipe that could fill up. Foundation notices the
/// end by a descriptor that the program inherits: a daemon that a program leaves behind must close what it inherits.
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
        let scratch = try ScratchDirectory(name: "run")
        defer { scratch.remove() }
        try scratch.write(input, to: "in")
        try scratch.write("", to: "out")
        try scratch.write("", to: "err")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try locate(path))
        process.arguments = arguments
        process.environment = merged(environment)
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        process.standardInput = FileHandle(forReadingAtPath: scratch.path("in"))
        process.standardOutput = FileHandle(forWritingAtPath: scratch.path("out"))
        process.standardError = FileHandle(forWritingAtPath: scratch.path("err"))
        let timedOut = try await wait(for: process, limit: limit)
        let signalled = process.terminationReason == .uncaughtSignal
        return Command(
            status: signalled ? 128 + process.terminationStatus : process.terminationStatus,
            output: try scratch.read("out"),
            errors: try scratch.read("err"),
            timedOut: timedOut
        )
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

    private static func merged(_ changes: [String: String?]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for (name, value) in changes { environment[name] = value }
        return environment
    }

    /// Starts the process and suspends until it has ended.
    ///
    /// - Returns: Whether it had to be killed because its time was up.
    private static func wait(for process: Process, limit: Duration) async throws -> Bool {
        let ended = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ended.continuation.finish() }
        do {
            try process.run()
        } catch {
            throw TestBedError("cannot start \(process.executableURL?.path ?? "?"): \(error)")
        }
        let pid = process.processIdentifier
        return await withTaskGroup(of: Bool.self) { group in
            // Not a child of the waiting task's cancellation: the process must be reaped in any case.
            group.addTask {
                try? await Task.sleep(for: limit)
                return true
            }
            let waiter = Task {
                for await _ in ended.stream {}
            }
            group.addTask {
                await waiter.value
                return false
            }
            let timedOut = await group.next() ?? true
            // A cancelled caller ends the sleep early: then too the process is killed.
            if timedOut { kill(pid, SIGKILL) }
            group.cancelAll()
            await waiter.value
            return timedOut
        }
    }
}
