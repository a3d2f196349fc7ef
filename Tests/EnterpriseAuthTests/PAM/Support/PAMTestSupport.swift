import Foundation
import HostSystem
import PAMClient
import TestBed

@testable import EnterpriseAuth

/// What the PAM suites share.
enum PAMTest {
    /// The program that the build puts beside the test bundle, as the worker.
    static let worker: PAMExecution = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
        return .worker(executable: folder.appendingPathComponent("ent-login").path)
    }()

    /// Far enough for a machine with other work to do.
    static var patience: ContinuousClock.Instant { .now + .seconds(60) }

    /// The process id in the last line of a module's log.
    static func loggedProcess(_ stacks: PAMStacks) -> Int32? {
        let line = stacks.text(of: "log").split(separator: "\n").last ?? ""
        let field = line.split(separator: " ").first { $0.hasPrefix("pid=") }
        return field.flatMap { Int32($0.dropFirst(4)) }
    }

    /// Whether a process is there, zombies included.
    static func exists(_ process: Int32) -> Bool {
        FileManager.default.fileExists(atPath: "/proc/\(process)")
    }

    /// The processes of a group, zombies not counted.
    static func members(ofGroup group: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { process in
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = stat.lastIndex(of: ")")
            else { return false }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return fields.count > 2 && fields[0] != "Z" && Int32(fields[2]) == group
        }
    }
}

extension SecretBytes {
    /// A secret from text.
    convenience init(text: String) { self.init(Array(text.utf8)) }
}

/// A gate that a test opens: stands in for a wait whose end must not depend on time.
final class PAMGate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.yield() }

    func wait() async throws {
        for await _ in stream { return }
        throw CancellationError()
    }
}

/// A directory of people in memory.
struct PAMTestPeople: PersonLookup {
    let name = "corp"
    /// The login names, each with the immutable id.
    var people: [String: String] = [:]
    var outage: Outage?
    var standing: @Sendable (Identity) -> AccountStanding = { .good($0) }

    func identity(
        forLoginName loginName: String,
        provider: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> Identity? {
        if let outage { throw outage }
        guard let id = people[loginName] else { return nil }
        return Identity(
            userID: UserID(source: name, value: id),
            loginName: loginName.lowercased(),
            provider: provider,
            source: .directory(name: name, dn: "uid=\(id)")
        )
    }

    func standing(of identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        standing(identity)
    }
}
