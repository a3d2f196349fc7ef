import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("The throttle and its store")
struct ThrottleStoreTests {
    /// A store that counts how often it is written to, and fails if it is told to.
    private actor CountingStore: SessionStore, ThrottleStore {
        nonisolated let isShared: Bool
        private let sessions = MemorySessionStore()
        private(set) var counts: [ThrottleKey: ThrottleCount] = [:]
        private(set) var updates = 0
        private(set) var rests = 0
        private var isBroken = false

        init(isShared: Bool) { self.isShared = isShared }

        func setBroken(_ isBroken: Bool) { self.isBroken = isBroken }

        private func check() throws(SessionStoreError) {
            if isBroken { throw SessionStoreError(step: "read", detail: "broken") }
        }

        func throttleCounts(limit: Int) async throws(SessionStoreError) -> [ThrottleKey: ThrottleCount] {
            try check()
            return counts
        }

        func updateThrottle<Value: Sendable>(
            _ keys: Set<ThrottleKey>,
            _ body: @escaping @Sendable (inout [ThrottleKey: ThrottleCount]) -> Value
        ) async throws(SessionStoreError) -> Value {
            try check()
            updates += 1
            var given = counts.filter { keys.contains($0.key) }
            let before = given
            defer {
                for key in before.keys { counts[key] = nil }
                counts.merge(given) { $1 }
            }
            return body(&given)
        }

        func sweepThrottle(now: Timestamp, limit: Int) async throws(SessionStoreError) {
            counts = counts.filter { $0.value.forgottenAt > now }
        }

        func rest() async { rests += 1 }

        func session(withTokenHash hash: SessionTokenHash) async throws(SessionStoreError) -> Session? {
            try await sessions.session(withTokenHash: hash)
        }

        func sessions(
            _ selection: SessionSelection,
            after: SessionID?,
            limit: Int
        ) async throws(SessionStoreError) -> [Session] {
            try await sessions.sessions(selection, after: after, limit: limit)
        }

        func series(withHash hash: SessionTokenHash) async throws(SessionStoreError) -> RememberSeries? {
            try await sessions.series(withHash: hash)
        }

        func series(
            _ selection: SessionSelection,
            after: SessionID?,
            limit: Int
        ) async throws(SessionStoreError) -> [RememberSeries] {
            try await sessions.series(selection, after: after, limit: limit)
        }

        func apply(_ changes: [SessionChange]) async throws(SessionStoreError) { try await sessions.apply(changes) }

        func sweep(now: Timestamp, idleSince: Timestamp) async throws(SessionStoreError) -> Int {
            try await sessions.sweep(now: now, idleSince: idleSince)
        }
    }

    private func attempt(_ world: World, _ password: String) async throws -> Refusal.Reason? {
        let credentials = try World.credentials("alice", password)
        return await world.manager.login(credentials, client: World.browser).refusal?.reason
    }

    @Test("failures outlive the process, whether the store is shared or not", arguments: [false, true])
    func restart(isShared: Bool) async throws {
        let world = World(store: CountingStore(isShared: isShared))
        for number in 0..<3 { #expect(try await attempt(world, "wrong \(number)") == .wrongPassword) }
        await world.manager.close()
        let later = world.restarted()
        #expect(try await attempt(later, "alice's password") == .throttled)
        #expect(later.provider.verifications == 3)
        later.clock.advance(by: .seconds(300))
        #expect(try await attempt(later, "alice's password") == nil)
        await later.manager.close()
        // The success has taken back what this client had failed, and the network's failures are forgotten by now.
        let rest = world.restarted()
        #expect(try await rest.manager.throttleEntries().isEmpty)
    }

    @Test("a shared store has every attempt before a provider is asked, and is let go meanwhile")
    func sharedFirst() async throws {
        let store = CountingStore(isShared: true)
        let judge = ScriptedJudge()
        let world = World(store: store, judge: judge)
        judge.hold()
        async let login = attempt(world, "alice's password")
        while judge.heldCount == 0 { await Task.yield() }
        #expect(await store.counts.keys.contains(ThrottleKey(.account, account: "alice")))
        #expect(await store.rests == 1)
        judge.release()
        #expect(try await login == nil)
        #expect(await store.counts.isEmpty)
    }

    @Test("several managers over one shared store get no more guesses together than one")
    func together() async throws {
        let store = CountingStore(isShared: true)
        let first = World(store: store)
        let worlds = [first] + (0..<9).map { _ in first.restarted() }
        let reasons = await withTaskGroup(of: Refusal.Reason?.self) { group in
            for (number, world) in worlds.enumerated() {
                group.addTask { try? await attempt(world, "wrong \(number)") }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reasons.count { $0 == .wrongPassword } == 3)
        #expect(first.provider.verifications == 3)
    }

    @Test("with a shared store too, outages and other refusals are taken back")
    func takenBack() async throws {
        let store = CountingStore(isShared: true)
        let world = World(store: store)
        #expect(try await attempt(world, "wrong") == .wrongPassword)
        let before = await store.counts
        world.clock.advance(by: .seconds(5))
        world.provider.set(outage: World.outage)
        for _ in 0..<10 { #expect(try await attempt(world, "alice's password") == nil) }
        #expect(await store.counts == before)
        world.provider.set(outage: nil)
        world.judge.set(.inactive(reason: "", groups: []), for: World.identity("alice").userID)
        for _ in 0..<10 { #expect(try await attempt(world, "alice's password") == .inactive) }
        #expect(await store.counts == before)
    }

    @Test("a store that cannot be read is an outage, and nobody is asked", arguments: [false, true])
    func unreadable(isShared: Bool) async throws {
        let store = CountingStore(isShared: isShared)
        await store.setBroken(true)
        let world = World(store: store)
        let result = await world.manager.login(try World.credentials("alice"), client: World.browser)
        #expect(result.outage?.source == "session store")
        #expect(world.provider.verifications == 0)
        await store.setBroken(false)
        try await world.login()
    }

    @Test("a store that does not take failures hears of them later")
    func writtenLater() async throws {
        let store = CountingStore(isShared: false)
        let world = World(store: store)
        try await world.login()
        await store.setBroken(true)
        #expect(try await attempt(world, "wrong") == .wrongPassword)
        await world.manager.throttle?.close(until: .now + .seconds(5))
        #expect(await store.counts.isEmpty)
        await store.setBroken(false)
        await world.manager.tick()
        await world.manager.throttle?.close(until: .now + .seconds(5))
        #expect(await store.counts.count == 3)
    }

    @Test("successes of people who have not failed write nothing of the throttle")
    func noWrites() async throws {
        let store = CountingStore(isShared: false)
        let world = World(store: store)
        for _ in 0..<10 { try await world.login() }
        await world.manager.throttle?.close(until: .now + .seconds(5))
        #expect(await store.updates == 0)
    }

    @Test("what is forgotten is removed from the store")
    func swept() async throws {
        let store = CountingStore(isShared: false)
        let world = World(store: store)
        #expect(try await attempt(world, "wrong") == .wrongPassword)
        world.clock.advance(by: .seconds(3600))
        await world.manager.tick()
        await world.manager.close()
        #expect(await store.counts.isEmpty)
    }
}
