import Foundation

/// The built program, run as a person or a script runs it.
struct EntLoginProgram {
    /// How a run ended.
    struct Finished: Sendable {
        var status: Int32
        var output: String
        var errors: String

        /// The JSON object on the standard output.
        func json() throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
            guard let object = object as? [String: Any] else { throw CocoaError(.propertyListReadCorrupt) }
            return object
        }
    }

    /// The program, which the build puts beside the test bundle.
    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("ent-login").path
    }()

    /// A folder of its own for state, standard streams and whatever a test keeps; removed by `remove()`.
    let folder: URL
    /// The whole environment of the program: nothing is inherited.
    var environment: [String: String]

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("ent-login-cli-\(UUID().uuidString)")
        let state = folder.appendingPathComponent("state")
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "XDG_STATE_HOME": state.path, "LC_ALL": "C.UTF-8"]
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs the program to its end.
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - input: What it reads from its standard input.
    /// - Returns: How it ended.
    /// - Throws: What Foundation throws when it cannot be started.
    func run(_ arguments: [String], input: [UInt8] = []) async throws -> Finished {
        let run = folder.appendingPathComponent("run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
        let (stdin, stdout, stderr) = (run.appending("in"), run.appending("out"), run.appending("err"))
        try Data(input).write(to: stdin)
        for file in [stdout, stderr] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = try FileHandle(forReadingFrom: stdin)
        process.standardOutput = try FileHandle(forWritingTo: stdout)
        process.standardError = try FileHandle(forWritingTo: stderr)
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Finished(
            status: status,
            output: String(decoding: try Data(contentsOf: stdout), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: stderr), as: UTF8.self)
        )
    }
}

extension URL {
    fileprivate func appending(_ name: String) -> URL { appendingPathComponent(name) }
}
