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
}
