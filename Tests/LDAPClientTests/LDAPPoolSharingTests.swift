import Glibc
import HostSystem
import Synchronization
import TestBed
import Testing

@testable import LDAPClient

/// What those who share connections may do to each other: nothing.
@Suite(.serialized) struct LDAPPoolSharingTests {
    private static let secret = SecretBytes("secret".utf8)
    private static let rootDSE = LDAPSearchRequest(base: "", scope: .base, attributes: ["1.1"])

    /// A server whose second search is answered only once the gate is open.
    private static func hesitant(_ gate: Gate) throws -> MuteServer {
        let searches = Mutex(0)
        return try MuteServer { request in
            if request.operation == .search { searches.withLock { $0 += 1 } }
            let number = request.operation == .search ? searches.withLock { $0 } : 0
            if number > gate.before { gate.wait() }
            return .result(code: 0)
        }
    }

    /// One search is cancelled once it is the server's second message, another one is late.
    private func leave(_ pool: LDAPServicePool, _ server: MuteServer) async {
        let cancelled = Task { try await pool.search(Self.rootDSE, deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { server.messages == 2 })
        cancelled.cancel()
        #expect(await #expect(throws: LDAPError.self) { try await cancelled.value }?.reason == .cancelled)
        let late = await Failure(within: .milliseconds(200)) { deadline throws(LDAPError) in
            _ = try await pool.search(Self.rootDSE, deadline: deadline)
        }
        #expect(late.error?.reason == .timedOut && late.isInTime)
    }

    /// Holds the thread of a server.
    final class Gate: Sendable {
        let before: Int
        private let isOpen = Atomic(false)

        init(before: Int) {
            self.before = before
        }

        func wait() {
            while !isOpen.load(ordering: .acquiring) { usleep(5000) }
        }

        func open() {
            isOpen.store(true, ordering: .releasing)
        }
    }

    @Test("Who is cancelled or late while a silent connection is asked for a sign of life does not cost it")
    func sharedCheck() async throws {
        let gate = Gate(before: 1)
        let server = try Self.hesitant(gate)
        defer { gate.open() }
        let clock = LDAPPoolTests.ManualClock()
        let pool = LDAPServicePool(
            configuration: .init(connection: try server.configuration(), limit: 2),
            identity: .anonymous
        ) { clock.now }
        _ = try await pool.search(Self.rootDSE, deadline: .soon)
        clock.advance(by: .seconds(31))
        await leave(pool, server)
        gate.open()
        #expect(try await pool.search(Self.rootDSE, deadline: .soon).isComplete)
        #expect(server.accepted == 1 && server.open == 1 && pool.connectionCount == 1)
        await pool.close()
    }

    @Test("Who is cancelled while a bind's connection is asked for a sign of life does not cost it")
    func exclusiveCheck() async throws {
        let gate = Gate(before: 0)
        let server = try Self.hesitant(gate)
        defer { gate.open() }
        let clock = LDAPPoolTests.ManualClock()
        let pool = LDAPBindPool(configuration: .init(connection: try server.configuration(), limit: 2)) { clock.now }
        #expect(try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon).isSuccess)
        clock.advance(by: .seconds(31))
        let cancelled = Task { try await pool.bind(name: "cn=a", password: Self.secret, deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { server.messages == 2 })
        cancelled.cancel()
        #expect(await #expect(throws: LDAPError.self) { try await cancelled.value }?.reason == .cancelled)
        gate.open()
        #expect(try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon).isSuccess)
        #expect(server.accepted == 1 && server.open == 1 && pool.connectionCount == 1)
        await pool.close()
    }

    @Test("A search that is late or cancelled is abandoned, and the others on its connection are answered")
    func abandoned() async throws {
        let state = Mutex<(held: LDAPRequest?, abandoned: Int)>((nil, 0))
        let server = try MuteServer { request in
            state.withLock { state in
                switch request.operation {
                case .abandon:
                    state.abandoned += 1
                    return state.abandoned == 2 ? .bytes(state.held?.response(code: 0) ?? []) : .silence
                case .search where state.held == nil:
                    state.held = request
                    return .silence
                case .search where state.abandoned < 2: return .silence
                default: return .result(code: 0)
                }
            }
        }
        let pool = LDAPServicePool(
            configuration: .init(connection: try server.configuration(), limit: 1),
            identity: .anonymous
        )
        let held = Task { try await pool.search(Self.rootDSE, deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        await leave(pool, server)
        #expect(try await held.value.isComplete)
        #expect(try await pool.search(Self.rootDSE, deadline: .soon).isComplete)
        #expect(server.accepted == 1 && server.open == 1)
        await pool.close()
    }

    @Test("Lists of several pages do not move each other's place", arguments: Way.allCases)
    func pages(way: Way) async throws {
        let server = try await SlapdServer.shared()
        let pool = LDAPServicePool(
            configuration: .init(connection: try way.configuration(server), limit: 2),
            identity: .simple(name: server.readerDN, password: SecretBytes(server.readerPassword.utf8))
        )
        let whole = LDAPSearchRequest(base: server.peopleDN, scope: .subtree, attributes: ["1.1"])
        let names = try await pool.search(whole, deadline: .soon).entries.map(\.dn).sorted()
        #expect(names.count > 10)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for size in 1...8 {
                group.addTask {
                    var request = whole
                    request.pageSize = Int32(size)
                    let result = try await pool.search(request, deadline: .soon)
                    #expect(result.isComplete && result.entries.map(\.dn).sorted() == names, "\(result.code)")
                }
            }
            try await group.waitForAll()
        }
        #expect(pool.connectionCount <= 4)
        await pool.close()
    }

    @Test("Waiting for others is told from waiting for the server")
    func waited() async throws {
        let server = try MuteServer()
        let binds = LDAPBindPool(configuration: .init(connection: try server.configuration(), limit: 1))
        let first = Task { try await binds.bind(name: "cn=a", password: Self.secret, deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        let crowded = await Failure(within: .milliseconds(300)) { deadline throws(LDAPError) in
            _ = try await binds.bind(name: "cn=b", password: Self.secret, deadline: deadline)
        }
        #expect(crowded.error?.reason == .timedOut && (crowded.error?.waited ?? .zero) >= .milliseconds(200))
        #expect(crowded.error?.description.contains("in use") == true)
        first.cancel()
        _ = await first.result
        await binds.close()
        let deaf = LDAPBindPool(configuration: .init(connection: try server.configuration(ldaps: true), limit: 1))
        let silent = await Failure(within: .milliseconds(300)) { deadline throws(LDAPError) in
            _ = try await deaf.bind(name: "cn=b", password: Self.secret, deadline: deadline)
        }
        #expect(silent.error?.reason == .timedOut && silent.error?.waited == .zero)
        await deaf.close()
        #expect(await ProcessCensus.wait { server.open == 0 })
    }
}
