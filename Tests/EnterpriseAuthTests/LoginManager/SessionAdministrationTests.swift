import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: ending and listing sessions", .serialized)
struct SessionAdministrationTests {
    @Test("FL-21: logout ends the session for good, and without one it is no error")
    func logout() async throws {
        let world = World()
        let success = try await world.login()
        #expect(try await world.manager.logout(success.token, client: World.browser))
        #expect(await world.resolve(success.token).anonymousReason == .unknownToken)
        #expect(try await !world.manager.logout(success.token, client: World.browser))
        #expect(await world.restarted().resolve(success.token).anonymousReason == .unknownToken)
        let events = world.audit.events.filter { $0.kind == .sessionEnd }
        #expect(events.map(\.reason) == ["logout"])
        #expect(events.first?.sessionID == success.session.id)
    }

    @Test("logout works for a session that was not used since the restart")
    func logoutAfterRestart() async throws {
        let world = World()
        let token = try await world.login().token
        let later = world.restarted()
        #expect(try await later.manager.logout(token, client: World.browser))
        #expect(await later.restarted().resolve(token).anonymousReason == .unknownToken)
    }

    @Test("a logout that the store does not take is dead here all the same, and is made good later")
    func logoutStoreFails() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        store.fail(true)
        await #expect(throws: Outage.self) { try await world.manager.logout(token, client: World.browser) }
        #expect(await world.resolve(token).outage != nil)
        store.fail(false)
        #expect(await world.resolve(token).anonymousReason == .unknownToken)
        world.clock.advance(by: .seconds(11))
        await world.manager.tick()
        #expect(await world.restarted().resolve(token).anonymousReason == .unknownToken)
    }

    @Test("ending a person's sessions ends all of them but the one that is kept")
    func endUser() async throws {
        let world = World()
        let first = try await world.login()
        let second = try await world.login()
        let bob = try await world.login("bob")
        let later = world.restarted()
        let alice = World.identity("alice").userID
        let count = try await later.manager.logoutAll(alice, except: first.session.id, client: World.browser)
        #expect(count == 1)
        #expect(await later.session(first.token) != nil)
        #expect(await later.resolve(second.token).anonymousReason == .unknownToken)
        #expect(await later.session(bob.token) != nil)
    }

    @Test("an operator ends sessions by id, by name, and all of them", arguments: [true, false])
    func endSelection(hasStore: Bool) async throws {
        let world = World(store: hasStore ? MemorySessionStore() : nil)
        let first = try await world.login()
        let second = try await world.login()
        let bob = try await world.login("bob")
        #expect(try await world.manager.end(.ids([first.session.id]), client: .local) == 1)
        #expect(await world.session(first.token) == nil)
        #expect(try await world.manager.end(.loginName("alice"), client: .local) == 1)
        #expect(await world.session(second.token) == nil)
        #expect(await world.session(bob.token) != nil)
        let carol = try await world.login("alice")
        #expect(try await world.manager.end(.all, client: .local) == 2)
        #expect(await world.session(bob.token) == nil)
        #expect(await world.session(carol.token) == nil)
        #expect(try await world.manager.sessions(.all).isEmpty)
        let again = try await world.login()
        #expect(await world.session(again.token) != nil)
        #expect(world.audit.events.filter { $0.reason == "administrator" }.count == 5)
    }

    @Test("if the store does not end all sessions, none has ended and the operator is told")
    func endAllFails() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        store.fail(true)
        await #expect(throws: Outage.self) { try await world.manager.end(.all, client: .local) }
        store.fail(false)
        #expect(await world.session(token) != nil)
    }

    @Test("lists show live sessions only, with their last use, the newest first", arguments: [true, false])
    func list(hasStore: Bool) async throws {
        let world = World(store: hasStore ? MemorySessionStore() : nil) { $0.session.idle = .seconds(600) }
        let first = try await world.login()
        world.clock.advance(by: .seconds(300))
        let second = try await world.login()
        _ = await world.session(first.token)
        let sessions = try await world.manager.sessions(.user(World.identity("alice").userID))
        #expect(sessions.map(\.id) == [second.session.id, first.session.id])
        #expect(sessions.last?.lastSeenAt == world.clock.now)
        #expect(sessions.first?.client == World.browser)
        #expect(try await world.manager.sessions(.ids([first.session.id])).map(\.id) == [first.session.id])
        #expect(try await world.manager.sessions(.loginName("Alice")).isEmpty)
        world.clock.advance(by: .seconds(600))
        #expect(try await world.manager.sessions(.all).isEmpty)
    }

    @Test("the upkeep writes uses in one batch, and ends what is over in memory and store")
    func upkeep() async throws {
        let store = FailingStore()
        let world = World(store: store) { $0.session.idle = .seconds(600) }
        let first = try await world.login()
        let second = try await world.login("bob")
        world.clock.advance(by: .seconds(30))
        for _ in 0..<10 {
            _ = await world.session(first.token)
            _ = await world.session(second.token)
        }
        let before = store.batches.count
        await world.manager.tick()
        let touches = store.batches.dropFirst(before).flatMap { $0 }.flatMap { change in
            if case .touch(let touches) = change { touches } else { [SessionTouch]() }
        }
        #expect(Set(touches.map(\.id)) == [first.session.id, second.session.id])
        #expect(touches.allSatisfy { $0.lastSeenAt == world.clock.now })
        world.clock.advance(by: .seconds(600))
        await world.manager.tick()
        #expect(world.manager.keeper.table.count == 0)
        #expect(try await store.sessions(.all).isEmpty)
        #expect(world.audit.events.filter { $0.reason == "idle" }.count == 2)
    }

    @Test("the sweep removes sessions from the store that nobody has used since the start")
    func sweepStore() async throws {
        let store = MemorySessionStore()
        let world = World(store: store)
        try await world.login()
        world.clock.advance(by: .seconds(3600))
        let later = world.restarted()
        await later.manager.tick()
        #expect(try await store.sessions(.all).isEmpty)
        #expect(later.audit.events.contains { $0.kind == .sweep && $0.count == 1 })
    }

    @Test("run() ends when its task is cancelled, after the last uses were written")
    func run() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let success = try await world.login()
        let task = Task { await world.manager.run() }
        world.clock.advance(by: .seconds(5))
        _ = await world.session(success.token)
        task.cancel()
        await task.value
        let stored = try await store.sessions(.ids([success.session.id]))
        #expect(stored.first?.lastSeenAt == world.clock.now)
    }

    @Test("close() writes the last uses")
    func close() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let success = try await world.login()
        world.clock.advance(by: .seconds(5))
        _ = await world.session(success.token)
        await world.manager.close()
        let stored = try await store.sessions(.ids([success.session.id]))
        #expect(stored.first?.lastSeenAt == world.clock.now)
    }

    @Test("listeners get the events from the time on at which they began to listen")
    func events() async throws {
        let world = World()
        try await world.login("bob")
        let stream = world.manager.events()
        try await world.login("alice")
        var iterator = stream.makeAsyncIterator()
        let event = try #require(await iterator.next())
        #expect(event.name == "alice")
        #expect(event.outcome == .success)
    }
}
