import EnterpriseAuthTesting
import HostSystem
import Logging
import Testing

@testable import EnterpriseAuth

@Suite("The throttle and its store")
struct ThrottleStoreTests {
    @Test("failures outlive the process, whether the store is shared or not", arguments: [false, true])
    func restart(isShared: Bool) async throws {
        let world = World(store: CountingStore(isShared: isShared))
        for number in 0..<3 { #expect(try await world.attempt("wrong \(number)") == .wrongPassword) }
        await world.manager.close()
        let later = world.restarted()
        #expect(try await later.attempt("alice's password") == .throttled)
        #expect(later.provider.verifications == 3)
        later.clock.advance(by: .seconds(300))
        #expect(try await later.attempt("alice's password") == nil)
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
        async let login = world.attempt("alice's password")
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
                group.addTask { try? await world.attempt("wrong \(number)") }
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
        #expect(try await world.attempt("wrong") == .wrongPassword)
        let before = await store.counts
        world.clock.advance(by: .seconds(5))
        world.provider.set(outage: World.outage)
        for _ in 0..<10 { #expect(try await world.attempt("alice's password") == nil) }
        #expect(await store.counts == before)
        world.provider.set(outage: nil)
        world.judge.set(.inactive(reason: "", groups: []), for: World.identity("alice").userID)
        for _ in 0..<10 { #expect(try await world.attempt("alice's password") == .inactive) }
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
        #expect(try await world.attempt("wrong") == .wrongPassword)
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
        #expect(try await world.attempt("wrong") == .wrongPassword)
        world.clock.advance(by: .seconds(3600))
        await world.manager.tick()
        await world.manager.close()
        #expect(await store.counts.isEmpty)
    }

    @Test("a shared store that answers too late has not counted an attempt")
    func tooLate() async throws {
        let store = CountingStore(isShared: true)
        let world = World(store: store) { $0.login.deadline = .milliseconds(50) }
        await store.hang()
        #expect(try await world.attempt("wrong") == nil)
        #expect(world.audit.events.last?.reason == "timeout")
        #expect(world.provider.verifications == 0)
        await store.release()
        await world.manager.throttle?.close(until: .now + .seconds(30))
        // What was let through too late is counted and taken back, or was never counted.
        while await store.hangingCount > 0 { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        await world.manager.throttle?.close(until: .now + .seconds(30))
        #expect(await store.counts.isEmpty)
    }

    @Test("a success does not wait for ever for a shared store, and is taken back once it answers")
    func settledLater() async throws {
        let store = CountingStore(isShared: true)
        let world = World(store: store)
        let throttle = try #require(world.manager.throttle)
        let ticket = try await world.ticket("right")
        await store.hang()
        let finding = PersonSources.Finding(askedAt: world.clock.now, outcome: .unavailable(World.outage), answer: nil)
        await throttle.settle([ticket], finding, until: .now + .milliseconds(50))
        #expect(await store.counts.isEmpty == false)
        await store.release()
        await throttle.close(until: .now + .seconds(30))
        #expect(await store.counts.isEmpty)
    }

    @Test("a shared store that does not answer keeps no operator waiting for ever")
    func operatorsDeadline() async throws {
        let store = CountingStore(isShared: true)
        await store.hang()
        let throttle = SharedThrottle(
            ThrottleConfiguration(),
            store: store,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            patience: .milliseconds(20)
        )
        await #expect(throws: Outage.self) { try await throttle.entries() }
        await #expect(throws: Outage.self) { try await throttle.clear(.all) }
        await store.release()
    }

    @Test("two spellings of one name have one counter in a shared store too, and are cleared by either")
    func spellings() async throws {
        let store = CountingStore(isShared: true)
        let world = World(store: store)
        let spellings = ["zo\u{EB}", "zoe\u{308}", "ZOE"]
        for (number, name) in spellings.enumerated() { try await world.attempt(name, "wrong \(number)") }
        #expect(try await world.attempt("Zoë", "one more") == .throttled)
        #expect(try await world.manager.clearThrottle(.user("zoe\u{308}"), client: .local) == 1)
        #expect(try await world.attempt("Zoë", "another") == .unknownUser)
    }

    @Test("a shared store without room counts in the counters that are shared")
    func sharedOverflow() async throws {
        let store = CountingStore(isShared: true)
        let world = World(store: store) { $0.throttle.maxEntries = 100 }
        for number in 0..<100 {
            let client = SessionClient(address: "10.0.0.\(number)")
            // A command each.
            try await world.restarted().guess("name\(number)", times: 1, client: client)
        }
        for number in 0..<3 {
            #expect(try await world.restarted().attempt("wrong \(number)") == .wrongPassword)
        }
        #expect(try await world.restarted().attempt("alice's password") == .throttled)
        #expect(await store.counts.keys.contains { $0.kind == .account && $0.isShared })
        try await world.manager.clearThrottle(.user("alice"), client: .local)
        #expect(try await world.restarted().attempt("alice's password") == nil)
    }

    @Test("what the store has never had it need not hear of when it is gone, however long it hangs")
    func boundedWhileHanging() throws {
        var configuration = ThrottleConfiguration()
        configuration.maxEntries = 100
        var ledger = ThrottleLedger(configuration, key: SecretBytes(Array(0..<32)))
        func fail(_ number: Int) {
            let subject = ThrottleSubject(account: "name\(number)", networks: [], device: nil)
            ledger.fail(subject, now: Int64(number) * 3_600_000)
            ledger.sweep(now: Int64(number) * 3_600_000)
        }
        fail(0)
        let stored = ledger.takeChanges()
        ledger.noteStored(stored)
        for number in 1..<1000 { fail(number) }
        // The first one, which the store has, and the last one.
        #expect(Set(ledger.changed.map(\.account)) == ["name0", "name999"])
        // The same if the store answers that it cannot, again and again.
        for number in 1000..<2000 {
            fail(number)
            ledger.putBack(ledger.takeChanges())
        }
        #expect(Set(ledger.changed.map(\.account)) == ["name0", "name1999"])
        let rest = ledger.takeChanges()
        #expect(rest.counts.values.count { $0 == nil } == 2)
        ledger.noteStored(rest)
        #expect(ledger.changed.isEmpty)
    }
}
