import Glibc
import Synchronization
import TestBed
import Testing

@testable import LDAPClient

/// Servers that send without end.
@Suite(.serialized) struct LDAPFloodTests {
    final class Flag: Sendable {
        private let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .acquiring) }

        func set() {
            value.store(true, ordering: .releasing)
        }
    }

    final class Order: Sendable {
        private let state = Mutex<[Int]>([])
        var counts: [Int] { state.withLock { $0 } }

        func note(_ count: Int) {
            state.withLock { $0.append(count) }
        }
    }

    /// An entry without attributes for one search.
    private static func entry(_ id: Int, of length: Int = 8) -> [UInt8] {
        let name = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        let content: [UInt8] = [4, UInt8(length)] + name + [0x30, 0]
        return [0x30, UInt8(content.count + 5), 2, 1, UInt8(id), 0x64, UInt8(content.count)] + content
    }

    @Test("A server that floods one connection holds up neither the others nor the deadline")
    func fairness() async throws {
        let slapd = try await SlapdServer.shared()
        let good = try await Way.plain.open(slapd)
        // Places elsewhere, which take no memory: as many as it can send.
        let flooder = try MuteServer { .flood([0x30, 8, 2, 1, UInt8($0.id), 0x73, 3, 4, 1, UInt8(ascii: "a")]) }
        let flooded = try await LDAPConnection.open(flooder.configuration(), deadline: .soon)
        var request = LDAPSearchRequest(base: "", scope: .base)
        request.entryLimit = .max
        let endless = Task { [request] in
            await Failure(within: .seconds(3)) { deadline throws(LDAPError) in
                _ = try await flooded.search(request, deadline: deadline)
            }
        }
        #expect(await ProcessCensus.wait { flooder.messages == 1 })
        for _ in 0..<20 {
            let deadline = ContinuousClock.now + .seconds(2)
            let result = try await good.search(.init(base: "", scope: .base), deadline: deadline)
            #expect(result.isComplete)
        }
        let failure = await endless.value
        #expect(failure.error?.reason == .timedOut && failure.isInTime, "\(String(describing: failure.error))")
        await flooded.close()
    }

    @Test("A server that sends what nobody asked for is left")
    func useless() async throws {
        let server = try MuteServer { _ in .flood(Self.entry(99)) }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let error = await #expect(throws: LDAPError.self) {
            try await connection.search(.init(base: "", scope: .base), deadline: .now + .seconds(60))
        }
        #expect(error?.reason == .protocolViolation && error?.description.contains("33554432") == true)
        #expect(await ProcessCensus.wait { server.open == 0 })
    }

    @Test("A turn reads a bounded part of one connection, and then the others have theirs")
    func turns() async throws {
        let count = 2000
        let stands = Flag()
        defer { stands.set() }
        let large = try MuteServer { request in
            let entries = Array(repeatElement(Self.entry(request.id, of: 100), count: count).joined())
            while !stands.isSet { usleep(1000) }
            return .bytes(entries + request.response(code: 0))
        }
        let small = try MuteServer { _ in
            while !stands.isSet { usleep(1000) }
            return .result(code: 0)
        }
        let connections = [
            try await LDAPConnection.open(large.configuration(), deadline: .soon),
            try await LDAPConnection.open(small.configuration(), deadline: .soon),
        ]
        let order = Order()
        let request = LDAPSearchRequest(base: "", scope: .base)
        // Tasks of the loop go on in the order in which it has read the answers.
        let tasks = connections.map { connection in
            Task(executorPreference: LDAPExecutor.shared) {
                let entries = try await connection.search(request, deadline: .now + .seconds(60)).entries.count
                order.note(entries)
            }
        }
        // The loop sends what its tasks ask when it has run them all: only then may it stand still, until both answered.
        #expect(await ProcessCensus.wait { large.messages == 1 && small.messages == 1 })
        let pause = Task(executorPreference: LDAPExecutor.shared) {
            stands.set()
            for _ in 0..<5000 where small.answers == 0 { usleep(1000) }
            usleep(50_000)
        }
        await pause.value
        for task in tasks { try await task.value }
        #expect(order.counts == [0, count])
    }

    @Test(
        "A search that brings more than its limits fails and names the limit",
        arguments: [(10, "10 entries"), (0, "10000 bytes")]
    )
    func limits(entryLimit: Int, text: String) async throws {
        let server = try MuteServer { .flood(Self.entry($0.id, of: 90)) }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        var request = LDAPSearchRequest(base: "", scope: .base)
        if entryLimit > 0 { request.entryLimit = entryLimit }
        request.byteLimit = 10_000
        let error = await #expect(throws: LDAPError.self) { try await connection.search(request, deadline: .soon) }
        #expect(error?.reason == .tooLarge && error?.description.contains(text) == true, "\(String(describing: error))")
        #expect(error?.isOutage == true)
    }

    @Test("Places elsewhere, which Active Directory names with every answer, do not count against the size limit")
    func references() async throws {
        let server = try MuteServer { request in
            let id = UInt8(request.id)
            guard request.operation == .search else { return .result(code: 0) }
            let elsewhere: [UInt8] = [0x30, 8, 2, 1, id, 0x73, 3, 4, 1, UInt8(ascii: "a")]
            let end: [UInt8] = [0x30, 12, 2, 1, id, 0x65, 7, 10, 1, 0, 4, 0, 4, 0]
            return .bytes(Self.entry(Int(id)) + elsewhere + elsewhere + elsewhere + end)
        }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let request = LDAPSearchRequest(base: "", scope: .subtree, sizeLimit: 2)
        let result = try await connection.search(request, deadline: .soon)
        #expect(result.entries.count == 1 && result.referralCount == 3 && result.code == .success)
    }

    @Test("The limits hold over all pages of a search")
    func pages() async throws {
        let slapd = try await SlapdServer.shared()
        let connection = try await Way.ldapi.open(slapd)
        var request = LDAPSearchRequest(base: slapd.peopleDN, scope: .subtree, attributes: ["1.1"], pageSize: 3)
        _ = try await connection.bindExternal(deadline: .soon)
        let count = try await connection.search(request, deadline: .soon).entries.count
        #expect(count > 6)
        request.entryLimit = count
        #expect(try await connection.search(request, deadline: .soon).entries.count == count)
        request.entryLimit = count - 1
        let error = await #expect(throws: LDAPError.self) { try await connection.search(request, deadline: .soon) }
        #expect(error?.reason == .tooLarge && connection.isUsable)
    }

    @Test("An entry for a bind ends the connection")
    func entryForBind() async throws {
        let server = try MuteServer { .bytes(Self.entry($0.id)) }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let error = await #expect(throws: LDAPError.self) { try await connection.bind("cn=a", "b") }
        #expect(error?.reason == .protocolViolation)
    }

    @Test("A closed connection is closed, even if the server never lets go")
    func closedWithoutServer() async throws {
        let isOver = Flag()
        let server = try MuteServer { _ in
            // Reads nothing any more, the goodbye included.
            while !isOver.isSet { usleep(5000) }
            return .close
        }
        defer { isOver.set() }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let search = Task { try await connection.search(.init(base: "", scope: .base), deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        #expect(await ProcessCensus.wait { ProcessCensus.connections(to: server.port) == 1 })
        await connection.close()
        #expect(await #expect(throws: LDAPError.self) { try await search.value }?.reason == .closed)
        #expect(await ProcessCensus.wait { ProcessCensus.connections(to: server.port) == 0 })
    }
}
