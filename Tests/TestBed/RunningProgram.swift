internal import CTestBed
internal import Foundation

/// A program that runs, for tests that look at it or kill it on the way; ``Command`` is the short form.
///
/// It inherits no descriptor but the standard ones, which are files, no blocked and no ignored signal. It is killed when
/// the last reference goes.
public final class RunningProgram: Sendable {
    private let scratch: ScratchDirectory
    private let child: ChildProcess
    private let end: Task<Int32, Never>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: The program; without a slash it is looked up in `PATH`, `/usr/sbin` and `/sbin`.
    ///   - arguments: Its arguments.
    ///   - input: What it reads from standard input.
    ///   - environment: Variables set on top of this process's own; nil removes one.
    ///   - directory: Its working directory; this process's own by default.
    /// - Throws: ``TestBedError`` when it cannot be started.
    public init(
        _ path: String,
        _ arguments: [String] = [],
        input: String = "",
        environment: [String: String?] = [:],
        directory: String? = nil
    ) throws {
        let program = try Command.locate(path)
        scratch = try ScratchDirectory(name: "run")
        let processID = ctb_spawn(
            program,
            Self.joined([path] + arguments),
            Self.joined(Self.environment(with: environment)),
            directory ?? "",
            try scratch.write(input, to: "in"),
            try scratch.write("", to: "out"),
            try scratch.write("", to: "err")
        )
        if processID < 0 {
            let reason = String(errno)
            scratch.remove()
            throw TestBedError("\(program) cannot be started (errno \(reason))")
        }
        child = ChildProcess(processID)
        end = child.watch()
    }

    deinit {
        child.signal(SIGKILL)
        scratch.remove()
    }

    /// Its process id.
    public var processID: Int32 { child.processID }

    /// Whether it has ended and been reaped.
    public var hasEnded: Bool { child.hasEnded }

    /// What it has written to standard output so far.
    public var output: String { (try? scratch.read("out")) ?? "" }

    /// What it has written to standard error so far.
    public var errors: String { (try? scratch.read("err")) ?? "" }

    /// Sends a signal; nothing happens when it has already ended.
    ///
    /// - Parameter number: For example `SIGKILL`.
    public func signal(_ number: Int32) {
        child.signal(number)
    }

    /// Waits for its end without blocking a thread of the cooperative pool.
    ///
    /// Cancelling the task kills the program.
    ///
    /// - Parameter limit: After this long it is killed.
    /// - Returns: Status and output.
    public func finish(limit: Duration = .seconds(60)) async -> Command {
        let end = end
        let timedOut = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                // Cancelling the caller ends the sleep early: then too the program is killed.
                try? await Task.sleep(for: limit)
                return true
            }
            group.addTask {
                _ = await end.value
                return false
            }
            let timedOut = await group.next() ?? true
            if timedOut { child.signal(SIGKILL) }
            group.cancelAll()
            return timedOut
        }
        return Command(status: await end.value, output: output, errors: errors, timedOut: timedOut)
    }

    private static func environment(with changes: [String: String?]) -> [String] {
        var environment = ProcessInfo.processInfo.environment
        for (name, value) in changes { environment[name] = value }
        return environment.map { "\($0)=\($1)" }
    }

    /// The form `ctb_spawn` takes.
    private static func joined(_ texts: [String]) -> String {
        let separator: Character = "\u{1f}"
        precondition(!texts.contains { $0.contains(separator) || $0.contains("\0") }, "these cannot be passed on")
        return texts.map { $0 + String(separator) }.joined()
    }
}
