import EnterpriseAuth
import EnterpriseAuthSQLite
import Foundation
import TestBed
import Testing

@Suite("The throttle's counters in SQLite")
struct SQLiteThrottleTests {
    private static func count(_ end: Int64) -> ThrottleCount {
        ThrottleCount(forgottenAt: Timestamp(milliseconds: end), lastFailureAt: Timestamp(milliseconds: end - 7))
    }

    private func withStore(_ body: (SQLiteSessionStore) async throws -> Void) async throws {
        let scratch = try ScratchDirectory(name: "throttle")
        defer { scratch.remove() }
        let store = try await SQLiteSessionStore.open(scratch.path("sessions.sqlite"))
        try await body(store)
        await store.close()
    }

    @Test("are there again after a restart")
    func persistent() async throws {
        let scratch = try ScratchDirectory(name: "throttle")
        defer { scratch.remove() }
        let path = scratch.path("sessions.sqlite")
        let counts = [
            ThrottleKey(.account, account: "алиса"): Self.count(1000),
            ThrottleKey(.source, origin: "2001:db8::/64"): Self.count(.max),
            ThrottleKey(.device, account: "alice", origin: "x"): Self.count(0),
            ThrottleKey(.share, account: "alice", origin: "local"): Self.count(5),
        ]
        let store = try await SQLiteSessionStore.open(path)
        try await store.updateThrottle(Set(counts.keys)) { $0 = counts }
        await store.close()
        let again = try await SQLiteSessionStore.open(path)
        #expect(try await again.throttleCounts(limit: 10) == counts)
        await again.close()
    }

    @Test("are changed, added and removed in one step, and others are left alone")
    func updates() async throws {
        try await withStore { store in
            let keys = (0..<4).map { ThrottleKey(.account, account: "person\($0)") }
            try await store.updateThrottle(Set(keys)) { counts in
                for key in keys.dropLast() { counts[key] = Self.count(10) }
            }
            let seen = try await store.updateThrottle([keys[0], keys[1], keys[3]]) { counts in
                defer { (counts[keys[0]], counts[keys[1]], counts[keys[3]]) = (nil, Self.count(20), Self.count(30)) }
                return counts
            }
            #expect(seen == [keys[0]: Self.count(10), keys[1]: Self.count(10)])
            let expected = [keys[1]: Self.count(20), keys[2]: Self.count(10), keys[3]: Self.count(30)]
            #expect(try await store.throttleCounts(limit: 10) == expected)
            #expect(try await store.throttleCounts(limit: 1) == [keys[3]: Self.count(30)])
        }
    }

    @Test("are counted right by many at once")
    func concurrent() async throws {
        try await withStore { store in
            let key = ThrottleKey(.account, account: "alice")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await store.updateThrottle([key]) { counts in
                            counts[key] = Self.count((counts[key]?.forgottenAt.milliseconds ?? 0) + 1)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let counts = try await store.throttleCounts(limit: 10)
            #expect(counts == [key: Self.count(50)])
        }
    }

    @Test("that are forgotten are swept, and the others are left alone")
    func sweep() async throws {
        try await withStore { store in
            let keys = (0..<10).map { ThrottleKey(.account, account: "person\($0)") }
            try await store.updateThrottle(Set(keys)) { counts in
                for (end, key) in keys.enumerated() { counts[key] = Self.count(Int64(end)) }
            }
            try await store.sweepThrottle(now: Timestamp(milliseconds: 3))
            #expect(Set(try await store.throttleCounts(limit: 10).keys) == Set(keys[4...]))
        }
    }

    @Test("are counted by kind")
    func sizes() async throws {
        try await withStore { store in
            #expect(try await store.throttleSizes().isEmpty)
            let keys = (0..<3).map { ThrottleKey(.account, account: "person\($0)") }
            let network = ThrottleKey(.region, origin: "2001:db8::/48")
            try await store.updateThrottle(Set(keys + [network])) { counts in
                for key in keys + [network] { counts[key] = Self.count(10) }
            }
            #expect(try await store.throttleSizes() == [.account: 3, .region: 1])
        }
    }
}
