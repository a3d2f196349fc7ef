internal import BenchmarkSupport
internal import Foundation

/// A program that the benchmark starts.
final class Program: Sendable {
    // Foundation's Process may be used from one thread at a time; whoever holds this asks for its id and ends it only.
    private let processID: Int32

    /// Starts a program that runs until `stop`.
    init(_ name: String, _ arguments: [String], logging path: String) throws {
        let process = try Self.prepared(name, arguments)
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = FileHandle(forWritingAtPath: path)
        process.standardOutput = file
        process.standardError = file
        try process.run()
        processID = process.processIdentifier
    }

    /// Ends it.
    func stop() {
        kill(processID, SIGTERM)
    }

    deinit { stop() }

    /// Runs a program to its end.
    /// - Returns: What it has written to its standard output.
    /// - Throws: `UnexpectedOutcome` if it says no.
    static func output(of name: String, _ arguments: [String]) async throws -> String {
        let process = try prepared(name, arguments)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        // Reading ends when the program does; a thread of Dispatch waits, and none of the measured ones.
        let data = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: pipe.fileHandleForReading.readDataToEndOfFile())
            }
        }
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw UnexpectedOutcome(description: "\(name): \(text)") }
        return text
    }

    private static func prepared(_ name: String, _ arguments: [String]) throws -> Process {
        let folders = name.contains("/") ? [""] : ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/"]
        guard let path = folders.map({ $0 + name }).first(where: FileManager.default.isExecutableFile) else {
            throw UnexpectedOutcome(description: "\(name) is not installed: run Scripts/bootstrap")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        return process
    }
}
