import HostSystem
import TestBed
import Testing

@testable import LDAPClient

@Suite("PoolLedger")
struct PoolLedgerTests {
    private static let refusal = LDAPError(.serviceBindRefused, step: .bind, code: .invalidCredentials, server: "x")

    /// How many connections are to be opened now.
    private static func openings(_ ledger: inout PoolLedger, at now: ContinuousClock.Instant) -> Int {
        ledger.chores(at: now).count { if case .open = $0 { true } else { false } }
    }

    @Test("A connection that only the crowd wants is not tried again at once after a refusal")
    func crowded() async throws {
        let slapd = try await SlapdServer.shared()
        let connection = try await Way.plain.open(slapd)
        let configuration = LDAPPoolConfiguration(connection: connection.configuration, limit: 2)
        let now = ContinuousClock.now
        var ledger = PoolLedger(configuration, .shared)
        ledger.request(PoolLedger.Wait(), at: now)
        #expect(Self.openings(&ledger, at: now) == 1)
        let pooled = PooledConnection(connection: connection, opened: now, lastUsed: now)
        _ = ledger.opened(.success(pooled), at: now)
        #expect(Self.openings(&ledger, at: now) == 0)
        for _ in 0..<PoolLedger.busyLoad { _ = try ledger.request(at: now)?.get() }
        #expect(Self.openings(&ledger, at: now) == 1)
        _ = ledger.opened(.failure(Self.refusal), at: now)
        #expect(Self.openings(&ledger, at: now) == 0)
        let later = now + PoolLedger.crowdedPause
        #expect(Self.openings(&ledger, at: later) == 1)
        await connection.close()
    }

    @Test("Who waits is told of a failed opening, although an old connection is still being asked for a sign of life")
    func doubtful() async throws {
        let slapd = try await SlapdServer.start()
        let connection = try await Way.plain.open(slapd)
        try await slapd.freeze()
        let search = LDAPSearchRequest(base: "", scope: .base)
        _ = try? await connection.search(search, deadline: .now + .milliseconds(100))
        #expect(connection.isSuspect)
        let now = ContinuousClock.now
        let configuration = LDAPPoolConfiguration(connection: connection.configuration, limit: 3)
        var ledger = PoolLedger(configuration, .exclusive)
        let wait = PoolLedger.Wait()
        ledger.request(wait, at: now)
        #expect(Self.openings(&ledger, at: now) == 1)
        let pooled = PooledConnection(connection: connection, opened: now, lastUsed: now)
        _ = ledger.opened(.success(pooled), at: now)
        #expect(Self.openings(&ledger, at: now) == 1)
        _ = ledger.opened(.failure(Self.refusal), at: now)
        #expect(Self.openings(&ledger, at: now) == 0)
        await #expect(throws: LDAPError.self) { try await wait.value(deadline: .soon, call: "test").get() }
        await connection.close()
        await slapd.stop()
    }

    @Test("Who was late a moment before another gave the connection back was kept by the other, not by the server")
    func lateForOthers() async throws {
        let slapd = try await SlapdServer.shared()
        let connection = try await Way.plain.open(slapd)
        let configuration = LDAPPoolConfiguration(connection: connection.configuration, limit: 1)
        let now = ContinuousClock.now
        let pooled = PooledConnection(connection: connection, opened: now, lastUsed: now)
        var ledger = PoolLedger(configuration, .exclusive)
        ledger.request(PoolLedger.Wait(), at: now)
        #expect(Self.openings(&ledger, at: now) == 1)
        _ = ledger.opened(.success(pooled), at: now)
        let late = PoolLedger.Wait()
        ledger.request(late, at: now)
        late.fill(.failure(HostError(.timedOut, call: "lease")))
        ledger.takeBack(pooled, at: now)
        let isOthersFault = ledger.withdraw(late)
        #expect(isOthersFault)
        let next = ledger.request(at: now)
        #expect(next != nil)
        await connection.close()
    }

    @Test("A connection that is silent or dead does not keep a crowded pool from growing")
    func helpless() async throws {
        let slapd = try await SlapdServer.shared()
        let (busy, idle) = (try await Way.plain.open(slapd), try await Way.plain.open(slapd))
        var configuration = LDAPPoolConfiguration(connection: busy.configuration, limit: 2)
        configuration.validateAfter = .seconds(30)
        let begin = ContinuousClock.now
        var ledger = PoolLedger(configuration, .shared)
        ledger.request(PoolLedger.Wait(), at: begin)
        #expect(Self.openings(&ledger, at: begin) == 1)
        _ = ledger.opened(.success(PooledConnection(connection: busy, opened: begin, lastUsed: begin)), at: begin)
        for _ in 0..<PoolLedger.busyLoad { _ = try ledger.request(at: begin)?.get() }
        #expect(Self.openings(&ledger, at: begin) == 1)
        let second = PooledConnection(connection: idle, opened: begin, lastUsed: begin)
        _ = ledger.opened(.success(second), at: begin)
        #expect(ledger.chores(at: begin).isEmpty)
        // It has been silent for long: it is asked, and meanwhile no other is opened.
        let later = begin + .seconds(31)
        let chores = ledger.chores(at: later)
        guard case .check(let asked)? = chores.first, chores.count == 1, asked.connection === idle else {
            Issue.record("\(chores)")
            return
        }
        #expect(ledger.chores(at: later).isEmpty)
        ledger.checked(second, isAlive: true, at: later)
        #expect(ledger.chores(at: later).isEmpty)
        // It is dead: another takes its place, although nobody has swept.
        await idle.close()
        #expect(Self.openings(&ledger, at: later) == 1)
        #expect(ledger.count == 2)
        await busy.close()
    }
}
