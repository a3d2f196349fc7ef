import Foundation
import TestBed

/// The built program, run as a person or a script runs it, with a home of its own.
final class EntLoginProgram: Sendable {
    /// The program, which the build puts beside the test bundle.
    static let path = Repository.builtProgram("ent-login")

    /// Where state and whatever a test keeps lie; removed with the last reference.
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory(name: "cli")
    }

    deinit {
        scratch.remove()
    }

    /// What is set on top of this process's own environment.
    var environment: [String: String?] {
        ["HOME": scratch.path, "XDG_STATE_HOME": scratch.path("state"), "LC_ALL": "C.UTF-8", "NO_COLOR": nil]
    }

    /// Where the token is kept.
    var tokenPath: String { scratch.path("state/ent-login/token") }

    /// Runs the program to its end.
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - input: What it reads from its standard input.
    ///   - extra: Further variables of its environment.
    /// - Returns: How it ended.
    /// - Throws: `TestBedError` when it cannot be started.
    func run(_ arguments: [String], input: String = "", environment extra: [String: String] = [:]) async throws
        -> Command
    {
        let environment = environment.merging(extra.mapValues(Optional.some)) { _, new in new }
        return try await Command.run(Self.path, arguments, input: input, environment: environment)
    }

    /// Runs the program with bytes on its standard input that need not be text.
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - bytes: What it reads from its standard input.
    /// - Returns: How it ended.
    /// - Throws: `TestBedError` when it cannot be started.
    func run(_ arguments: [String], inputBytes bytes: [UInt8]) async throws -> Command {
        let file = try scratch.write(bytes, to: "bytes-\(UUID().uuidString)")
        let shell = ["-c", #"exec "$@" <"$0""#, file, Self.path] + arguments
        return try await Command.run("/bin/sh", shell, environment: environment)
    }
}

extension Command {
    /// The one JSON object on the standard output.
    /// - Returns: Its members.
    /// - Throws: What Foundation says of anything else.
    func json() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
        guard let object = object as? [String: Any] else { throw CocoaError(.propertyListReadCorrupt) }
        return object
    }
}
