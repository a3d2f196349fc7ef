import Glibc
import HostSystem
import Synchronization
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("Our own congestion")
struct CongestionTests {
    @Test("is an outage that says so, and the server does not go down for it", arguments: [700, 60_000])
    func lateLease(firstTakes milliseconds: Int) async throws {
        let end = Mutex<ContinuousClock.Instant?>(nil)
        let isOver = Mutex(false)
        let binds = Mutex(0)
        let server = try MuteServer { request in
            binds.withLock { $0 += 1 }
            guard binds.withLock({ $0 }) == 1 else { return .silence }
            // The first bind keeps the only connection until most of the second one's time is over.
            while !isOver.withLock({ $0 }), end.withLock({ $0 }).map({ ContinuousClock.now < $0 }) ?? true {
                usleep(5000)
            }
            return .result(code: 0)
        }
        defer { isOver.withLock { $0 = true } }
        let directory = try await DirectoryFixture.directory(
            DirectoryFixture.configuration(SlapdServer.shared(), .plain, urls: [server.ldapURL]) {
                $0.pool.userConnections = 1
            }
        )
        let secret = SecretBytes(Array("a".utf8))
        let first = Task {
            try await directory.bind(dn: "cn=a", password: secret, preferring: nil, deadline: .now + .seconds(60))
        }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        let now = ContinuousClock.now
        end.withLock { $0 = now + .milliseconds(milliseconds) }
        let outage = await #expect(throws: Outage.self) {
            try await directory.bind(dn: "cn=b", password: secret, preferring: nil, deadline: now + .seconds(1))
        }
        #expect(outage?.kind == .overloaded && outage?.detail.contains("pool.user_connections") == true)
        #expect(directory.servers[0].isUp)
        first.cancel()
        isOver.withLock { $0 = true }
        _ = await first.result
        await directory.shutdown()
    }
}
