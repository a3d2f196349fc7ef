import HostSystem
import TestBed
import Testing

@Suite("HostResolver", .timeLimit(.minutes(1)))
struct HostResolverTests {
    private func soon() -> ContinuousClock.Instant { .now + .seconds(10) }

    @Test("takes addresses as they are and knows localhost without asking")
    func literals() async throws {
        let silent = try NameServer(.silence)
        let resolver = HostResolver(servers: [silent.server])
        for (host, expected) in [("192.0.2.1", ["192.0.2.1:636"]), ("::1", ["[::1]:636"])] {
            let found = try await resolver.resolve(host: host, port: 636, deadline: soon())
            #expect(found.map(\.description) == expected)
        }
        for host in ["localhost", "LOCALHOST", "localhost.", "x.localhost"] {
            let found = try await resolver.resolve(host: host, port: 1, deadline: soon())
            #expect(found.map(\.description) == ["[::1]:1", "127.0.0.1:1"])
        }
        #expect(!silent.takeQuestion())
    }

    @Test("asks the given server and puts the port in")
    func answer() async throws {
        let server = try NameServer(.address([192, 0, 2, 33]))
        let resolver = HostResolver(servers: [server.server])
        let found = try await resolver.resolve(host: "ldap.example.org", port: 389, deadline: soon())
        #expect(found.map(\.description) == ["192.0.2.33:389"])
        #expect(resolver.questionCount == 0)
        #expect(await eventually { OpenDescriptors.connected(toPort: server.port) == 0 })
    }

    @Test("tells an unknown name from a server that cannot answer")
    func negativeAnswers() async throws {
        let unknown = try NameServer(.unknownName)
        let broken = try NameServer(.failure)
        for (server, expected) in [(unknown, true), (broken, false)] {
            let resolver = HostResolver(servers: [server.server])
            let error = await #expect(throws: HostError.self) {
                try await resolver.resolve(host: "ldap.example.org.", port: 389, deadline: soon())
            }
            #expect((error?.reason == .unknownName) == expected)
            #expect(error?.subject == "ldap.example.org.")
        }
    }

    @Test("gives up on a silent server at the deadline and leaves no socket behind")
    func silence() async throws {
        let server = try NameServer(.silence)
        let resolver = HostResolver(servers: [server.server])
        let punctuality = Punctuality(within: .milliseconds(200))
        let error = await #expect(throws: HostError.self) {
            try await resolver.resolve(host: "ldap.example.org", port: 389, deadline: punctuality.deadline)
        }
        #expect(error?.reason == .timedOut)
        #expect(ContinuousClock.now >= punctuality.deadline)
        #expect(await punctuality.isKept())
        #expect(server.takeQuestion())
        #expect(resolver.questionCount == 0)
        #expect(await eventually { OpenDescriptors.connected(toPort: server.port) == 0 })
    }

    @Test("shares one question among those who ask for the same name, and refuses too many names")
    func sharing() async throws {
        let server = try NameServer(.silence)
        let resolver = HostResolver(servers: [server.server], limit: 2)
        let deadline = soon()
        let tasks = (0..<50).map { number in
            Task { try await resolver.resolve(host: "name\(number % 2).test", port: 1, deadline: deadline) }
        }
        #expect(await eventually { resolver.questionCount == 2 })
        let error = await #expect(throws: HostError.self) {
            try await resolver.resolve(host: "third.test", port: 1, deadline: deadline)
        }
        #expect(error?.reason == .busy)
        for task in tasks.dropLast() { task.cancel() }
        for task in tasks.dropLast() {
            let error = await #expect(throws: HostError.self) { try await task.value }
            #expect(error?.reason == .cancelled)
        }
        #expect(resolver.questionCount == 1)
        tasks.last?.cancel()
        _ = await tasks.last?.result
        #expect(resolver.questionCount == 0)
        #expect(await eventually { OpenDescriptors.connected(toPort: server.port) == 0 })
    }

    @Test(
        "refuses what cannot be a name without asking anybody",
        arguments: ["", "a b", "a\0b", "a\u{0}", "bücher.example", String(repeating: "a", count: 300)]
    )
    func nonsense(host: String) async {
        let error = await #expect(throws: HostError.self) {
            try await HostResolver(servers: []).resolve(host: host, port: 1, deadline: soon())
        }
        if case .invalid = error?.reason { return }
        Issue.record("\(String(describing: error))")
    }

    @Test("fails at once when the deadline has passed already")
    func atOnce() async throws {
        let server = try NameServer(.silence)
        let resolver = HostResolver(servers: [server.server])
        let late = await #expect(throws: HostError.self) {
            try await resolver.resolve(host: "a.test", port: 1, deadline: .now)
        }
        #expect(late?.reason == .timedOut)
        #expect(!server.takeQuestion())
    }

    @Test("knows the hosts file")
    func hostsFile() async throws {
        // Every Debian machine has an entry for itself or for localhost; the file is only read, never changed.
        let text = String(decoding: try HostFile.read("/etc/hosts", limit: 1 << 20), as: UTF8.self)
        let entries = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split { $0 == " " || $0 == "\t" }
        }
        guard let entry = entries.first(where: { $0.count > 1 && !$0[1].contains("localhost") }) else { return }
        let silent = try NameServer(.silence)
        let found = try await HostResolver(servers: [silent.server])
            .resolve(host: String(entry[1]), port: 7, deadline: soon())
        #expect(found.contains { $0.host == entry[0] })
    }
}
