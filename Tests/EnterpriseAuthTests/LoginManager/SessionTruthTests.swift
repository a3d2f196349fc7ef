import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: memory and store tell one truth")
struct SessionTruthTests {
    private let alice = World.identity("alice").userID

    @Test("an end that was decided on before the session got a new token ends it all the same")
    func endAfterRenewal() async throws {
        let world = World()
        let token = try await world.login().token
        let old = try #require(await world.session(token)).live
        let renewed = try #require(await world.manager.confirmLogin(token, client: World.browser).success)
        let (ended, receipt) = world.manager.keeper.end([old], .administrator)
        try await SessionKeeper.wait(receipt)
        #expect(ended.sessions.map(\.id) == [renewed.session.id])
        #expect(await world.session(renewed.token) == nil)
        #expect(await world.restarted().session(renewed.token) == nil)
    }

    @Test("a session that is renewed while its end is being decided on ends", arguments: [true, false])
    func renewalDuringEnd(isSelection: Bool) async throws {
        let store = FailingStore()
        let world = World(store: store)
        let success = try await world.login()
        store.hold(.list)
        let end = Task {
            let selection: SessionSelection = isSelection ? .user(alice) : .ids([success.session.id])
            return try await world.manager.end(selection, client: .local)
        }
        await store.someHeld()
        let renewed = try #require(await world.manager.confirmLogin(success.token, client: World.browser).success)
        store.release()
        #expect(try await end.value == 1)
        #expect(await world.session(renewed.token) == nil)
        #expect(await world.restarted().session(renewed.token) == nil)
    }

    @Test("a session ended as inactive is not back after a crash before the store knew of the end")
    func crashBeforeEnd() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        _ = await world.session(token)
        store.refuseEnds()
        world.judge.set(.inactive(reason: "left", groups: []), for: alice)
        world.clock.advance(by: .seconds(61))
        await world.manager.tick()
        try await SessionKeeper.wait(world.manager.keeper.journal?.barrier())
        // What says that the sources have just answered may not be there without the end.
        #expect(try await store.sessions(.all).allSatisfy { $0.isActive && $0.lastVerdictAt < world.clock.now })
        #expect(await world.restarted().session(token) == nil)
    }

    @Test("a stored session of an inactive person is used only after the sources were asked", arguments: [true, false])
    func inactiveInStore(isOutage: Bool) async throws {
        let world = World()
        let token = try await world.login().token
        let left = SessionChange.setPerson(
            World.identity("alice"),
            groups: [],
            isActive: false,
            lastVerdictAt: world.clock.now
        )
        try await world.store?.apply([left])
        world.judge.set(.inactive(reason: "left", groups: []), for: alice)
        if isOutage { world.provider.set(outage: World.outage) }
        let resolution = await world.restarted().resolve(token)
        if isOutage {
            #expect(resolution.outage == World.outage)
        } else {
            #expect(resolution.anonymousReason == .ended(.inactive))
        }
    }

    @Test("when the end of all sessions outlasts the patience, memory follows the store as soon as it is done")
    func endAllLate() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        store.hold(.write)
        let end = Task { try await world.manager.end(.all, client: .local) }
        await store.someHeld()
        end.cancel()
        await #expect(throws: Outage.self) { try await end.value }
        store.release()
        let limit = ContinuousClock.now + .seconds(30)
        while await world.session(token) != nil, ContinuousClock.now < limit { await Task.yield() }
        #expect(await world.session(token) == nil)
    }

    @Test("a session that only memory has is listed and can be ended", arguments: [true, false])
    func onlyInMemory(isByName: Bool) async throws {
        let store = MemorySessionStore()
        let world = World(store: store)
        let token = try await world.login().token
        try await store.apply([.endAll])
        #expect(try await world.manager.sessions(.all).count == 1)
        let selection: SessionSelection = isByName ? .loginName("alice") : .user(alice)
        #expect(try await world.manager.end(selection, client: .local) == 1)
        #expect(await world.session(token) == nil)
    }

    @Test(
        "an end of all sessions that fails while a person is being loaded hides no session",
        arguments: [true, false]
    )
    func failedEndAllDuringLoad(isLogin: Bool) async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        let later = world.restarted()
        later.provider.add(World.identity("alice"), password: "alice's password")
        store.hold(.list)
        let other = Task {
            if isLogin { _ = try await later.login() } else { _ = await later.session(token) }
        }
        await store.someHeld()
        store.fail(true)
        await #expect(throws: Outage.self) { try await later.manager.end(.all, client: .local) }
        store.fail(false)
        store.release()
        _ = try await other.value
        #expect(await later.session(token) != nil)
        #expect(try await later.manager.sessions(.all).count == (isLogin ? 2 : 1))
    }

    @Test("a session that is used while the sweep writes uses is not swept")
    func useDuringSweep() async throws {
        let store = FailingStore()
        let world = World(store: store) { $0.session.idle = .seconds(600) }
        let first = try await world.login()
        let bob = try await world.login("bob")
        let live = try #require(await world.session(first.token)).live
        world.clock.advance(by: .seconds(599))
        _ = await world.session(bob.token)
        let keeper = world.manager.keeper
        store.onWrite {
            if live.see(at: world.clock.nowMilliseconds), live.claimTouch() { keeper.table.touch(live) }
            world.clock.advance(by: .seconds(2))
        }
        try await keeper.sweepStore()
        #expect(try await store.sessions(.all).contains { $0.id == first.session.id })
    }

    @Test("uses that the store did not take are written the next time")
    func touchesAgain() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let success = try await world.login()
        world.clock.advance(by: .seconds(30))
        _ = await world.session(success.token)
        store.fail(true)
        #expect(await !world.manager.keeper.flush())
        store.fail(false)
        #expect(await world.manager.keeper.flush())
        #expect(try await store.sessions(.all).map(\.lastSeenAt) == [world.clock.now])
    }

    @Test("of two renewals at once the second is told to come again, not that the session is over")
    func secondRenewal() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        store.hold(.write)
        let first = Task { await world.manager.confirmLogin(token, client: World.browser) }
        await store.someHeld()
        let second = await world.manager.confirmLogin(token, client: World.browser)
        if case .unavailable(let outage) = second {
            #expect(outage.kind == .overloaded)
        } else {
            Issue.record("the second renewal came to \(second)")
        }
        store.release()
        #expect(await first.value.success != nil)
    }

    @Test("a stored session whose parent session is over does not come back")
    func orphan() async throws {
        let world = World()
        let parent = try await world.login()
        let token = SessionToken.random()
        let child = Session(
            id: try SampleSessions.id(),
            tokenHash: token.hash,
            identity: World.identity("alice"),
            groups: [],
            createdAt: world.clock.now,
            authenticatedAt: nil,
            lastSeenAt: world.clock.now,
            expiresAt: world.clock.now.adding(.seconds(3600)),
            lastVerdictAt: world.clock.now,
            client: World.browser,
            parent: parent.session.id
        )
        try await world.store?.apply([.insert(child)])
        #expect(await world.restarted().session(token) != nil)
        try await world.store?.apply([.end([parent.session.id])])
        let later = world.restarted()
        #expect(await later.session(token) == nil)
        try await SessionKeeper.wait(later.manager.keeper.journal?.barrier())
        #expect(try await world.store?.sessions(.all).isEmpty == true)
    }
}
