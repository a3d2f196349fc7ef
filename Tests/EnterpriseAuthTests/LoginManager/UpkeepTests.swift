import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: upkeep and closing")
struct UpkeepTests {
    private struct AppUser: User {
        var id: UserID?
        var isActive = true
    }

    @Test("a sweep that is cancelled is no failure of the store, one that fails is", arguments: [true, false])
    func cancelledSweep(isCancelled: Bool) async throws {
        let (store, log) = (FailingStore(), RecordedLog())
        let world = World(store: store, logger: log.logger)
        store.hold(.sweep)
        let run = Task { await world.manager.run() }
        await store.someHeld()
        store.fail(true)
        if isCancelled { run.cancel() }
        store.release()
        if !isCancelled {
            while log.lines.isEmpty { await Task.yield() }
            run.cancel()
        }
        await run.value
        let errors = log.lines.filter { $0.hasPrefix("error") }
        #expect(errors.count == (isCancelled ? 0 : 1))
        #expect(errors.allSatisfy { $0.contains("was not swept") })
    }

    @Test("closing waits for a check that nobody waits for any more, and its consequences reach the store")
    func closeWaitsForChecks() async throws {
        let (store, gate) = (FailingStore(), PAMGate())
        let world = World(
            store: store,
            userLoader: { _ in
                try await gate.wait()
                return nil
            }
        )
        let user = AppUser(id: UserID(rawValue: "app:7"))
        let token = try #require(await world.manager.login(user, client: World.browser).success).token
        world.clock.advance(by: .seconds(61))
        let request = Task { await world.resolve(token) }
        while world.manager.checker.goingOn == 0 { await Task.yield() }
        request.cancel()
        _ = await request.value
        let close = Task { await world.manager.close() }
        for _ in 0..<1000 { await Task.yield() }
        #expect(!store.isClosed)
        gate.open()
        await close.value
        #expect(store.isClosed)
        #expect(store.writesAfterClose == 0)
        #expect(try await store.sessions(.all).isEmpty)
    }

    @Test("after closing nothing is written, whoever still tries")
    func nothingAfterClose() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        await world.manager.settle()
        await world.manager.close()
        let count = store.batches.count
        await #expect(throws: Outage.self) { try await world.manager.logout(token, client: World.browser) }
        await world.manager.settle()
        #expect(store.batches.count == count)
        #expect(store.writesAfterClose == 0)
    }

    @Test("closing waits for what the store is just taking")
    func closeWaitsForWrites() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        store.hold(.write)
        let logout = Task { try await world.manager.logout(token, client: World.browser) }
        await store.someHeld()
        let close = Task { await world.manager.close() }
        while !(world.manager.keeper.journal?.isClosed ?? true) { await Task.yield() }
        #expect(!store.isClosed)
        store.release()
        await close.value
        #expect(try await logout.value)
        #expect(try await store.sessions(.all).isEmpty)
    }

    @Test("the last use reaches the store, also when whoever closes was cancelled, and however short after a flush")
    func lastUse() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        await world.manager.settle()
        world.clock.advance(by: .seconds(5))
        _ = await world.session(token)
        await world.manager.settle()
        #expect(try await store.sessions(.all).first?.lastSeenAt == world.clock.now)
        world.clock.advance(by: .seconds(5))
        _ = await world.session(token)
        let close = Task {
            while !Task.isCancelled { await Task.yield() }
            await world.manager.close()
        }
        close.cancel()
        await close.value
        #expect(try await store.sessions(.all).first?.lastSeenAt == world.clock.now)
    }
}
