import EnterpriseAuthTesting
import Synchronization
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: remembered logins and many tasks at once")
struct RememberConcurrencyTests {
    private let alice = World.identity("alice").userID

    @Test("many tabs with one token get one session and one successor", arguments: [true, false], [true, false])
    func tabs(hasStore: Bool, isRestarted: Bool) async throws {
        let first = World.remembering(store: hasStore ? MemorySessionStore() : nil)
        let token = try await first.rememberedLater()
        let world = isRestarted && hasStore ? first.restarted() : first
        let all = try await withThrowingTaskGroup(of: World.Restored.self) { group in
            for _ in 0..<50 { group.addTask { try await world.restored(token) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(all.map(\.id)).count == 1)
        #expect(Set(all.map(\.remember.tokenHash)).count == 1 && Set(all.map(\.token.hash)).count == 1)
        #expect(try await world.manager.sessions(.all).count == 1)
        #expect(world.event(.theft) == nil)
        world.clock.advance(by: .seconds(86_400))
        _ = try await world.restored(all[0].remember)
    }

    @Test("of two uses after the grace, at once with that of the good token, nothing is left alive")
    func theftAtOnce() async throws {
        for _ in 0..<20 {
            let world = World.remembering()
            let token = try await world.rememberedLater()
            let next = try await world.restored(token).remember
            world.clock.advance(by: .seconds(61))
            let results = await withTaskGroup(of: RestoreResult.self) { group in
                for used in [token, next, token] { group.addTask { await world.restore(used) } }
                return await group.reduce(into: [RestoreResult]()) { $0.append($1) }
            }
            for success in results.compactMap(\.success) {
                #expect(await world.session(success.token) == nil)
                let token = try #require(success.rememberToken)
                #expect(await world.restore(token).anonymousReason == .ended(.theft))
            }
            #expect(try await world.manager.rememberedLogins(.all).isEmpty)
            #expect(try await world.manager.sessions(.all).isEmpty)
        }
    }

    @Test("an end while the person is being checked wins", arguments: [true, false])
    func endDuringCheck(isForget: Bool) async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        world.judge.hold()
        let result = Task { await world.restore(token) }
        while world.judge.heldCount == 0 { await Task.yield() }
        if isForget {
            #expect(try await world.manager.forget(token, client: World.browser))
        } else {
            try await world.manager.end(.all, client: .local)
        }
        world.judge.release()
        #expect(await result.value.anonymousReason == .unknownToken)
        #expect(try await world.manager.sessions(.all).isEmpty)
        #expect(await world.restarted().restore(token).anonymousReason == .unknownToken)
    }

    @Test("a logout of everything while the store writes the restored session leaves nothing alive")
    func endDuringWrite() async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        let token = try await world.rememberedLater()
        store.hold()
        let result = Task { await world.restore(token) }
        await store.someHeld()
        let session = try #require(world.manager.keeper.registry.withLock { $0.select(.user(alice)) }.first)
        let (ended, _) = world.manager.keeper.end([session], .logout)
        #expect(ended.series.count == 1)
        store.release()
        #expect(await result.value.anonymousReason == .unknownToken)
        #expect(try await world.manager.sessions(.all).isEmpty)
        #expect(await world.restarted().restore(token).anonymousReason == .unknownToken)
    }

    @Test("who comes back while all sessions are being ended does not slip through", arguments: [true, false])
    func endAllMeanwhile(isRefused: Bool) async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        let token = try await world.rememberedLater()
        store.hold()
        let end = Task { try await world.manager.end(.all, client: .local) }
        await store.someHeld()
        let result = Task { await world.restore(token) }
        while world.provider.rechecks == 0 { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        store.fail(isRefused)
        store.release()
        if isRefused {
            await #expect(throws: Outage.self) { try await end.value }
            #expect(await result.value.outage != nil)
            // All is as it was.
            store.fail(false)
            _ = try await world.restored(token)
        } else {
            _ = try await end.value
            #expect(await result.value.anonymousReason == .unknownToken)
            #expect(try await world.manager.sessions(.all).isEmpty)
            #expect(await world.restarted().restore(token).anonymousReason == .unknownToken)
        }
    }

    @Test("a look at the store that is older than an end of all sessions which came to nothing is not believed")
    func olderLook() async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        let token = try await world.rememberedLater()
        func endInVain() async {
            store.fail(true)
            await #expect(throws: Outage.self) { try await world.manager.end(.all, client: .local) }
            store.fail(false)
        }
        await endInVain()
        store.hold(.series)
        let result = Task { await world.restore(token) }
        await store.someHeld()
        await endInVain()
        store.release()
        #expect(await result.value.success != nil)
    }

    @Test("logout and restore at once leave memory and store in one mind")
    func logoutAgainstRestore() async throws {
        for _ in 0..<30 {
            let world = World.remembering()
            let success = try await world.login(remember: true)
            let token = try #require(success.rememberToken)
            let restored = await withTaskGroup(of: [LoginSuccess].self) { group in
                for _ in 0..<4 { group.addTask { [await world.restore(token).success].compactMap(\.self) } }
                group.addTask {
                    _ = try? await world.manager.logoutAll(self.alice, client: World.browser)
                    return []
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            let later = world.restarted()
            for success in restored {
                #expect(await world.session(success.token)?.id == (await later.session(success.token)?.id))
            }
            #expect(try await world.manager.rememberedLogins(.all) == (try await later.manager.rememberedLogins(.all)))
            try await world.manager.logoutAll(alice, client: World.browser)
            #expect(await world.restarted().restore(token).success == nil)
        }
    }

    @Test(
        "while the store hangs it is unavailable by the deadline, and the token is as good as before",
        arguments: [true, false]
    )
    func storeHangs(isRead: Bool) async throws {
        let store = FailingStore()
        let first = World.remembering(store: store) { $0.login.deadline = .seconds(2) }
        let token = try await first.rememberedLater()
        let world = isRead ? first.restarted() : first
        store.hold(isRead ? .series : .write)
        let start = ContinuousClock.now
        async let others = withTaskGroup(of: RestoreResult.self) { group in
            for _ in 0..<5 { group.addTask { await world.restore(token) } }
            return await group.reduce(into: [RestoreResult]()) { $0.append($1) }
        }
        for result in await others { #expect(result.outage != nil) }
        #expect(ContinuousClock.now - start < .seconds(10))
        store.release()
        try await SessionKeeper.wait(world.manager.keeper.journal?.barrier())
        #expect(try await world.manager.sessions(.all).isEmpty)
        // Longer than the grace: it must be the token of the moment again, here and in the store.
        world.clock.advance(by: .seconds(3600))
        #expect(try await store.series(.all).map(\.tokenHash) == [token.tokenHash])
        let back = try await world.restored(token)
        #expect(back.remember != token)
        #expect(await world.restarted().session(back.token) != nil)
    }

    @Test("a store that fails makes it unavailable, and the token is as good as before")
    func storeFails() async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        let token = try await world.rememberedLater()
        store.fail(true)
        for world in [world, world.restarted()] { #expect(await world.restore(token).outage != nil) }
        store.fail(false)
        #expect(try await world.manager.sessions(.all).isEmpty)
        // Longer than the grace: it must be the token of the moment again.
        world.clock.advance(by: .seconds(3600))
        let back = try await world.restored(token)
        #expect(try await world.restarted().restored(token).remember == back.remember)
    }

    @Test("after a crash between the store's yes and ours the browser comes back with the token that it has")
    func crash() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        // Nobody heard of what this returned.
        _ = try await world.restored(token)
        let later = world.restarted()
        let back = try await later.restored(token)
        later.clock.advance(by: .seconds(86_400))
        _ = try await later.restored(back.remember)
    }

    @Test("a person whose request goes away has lost nothing")
    func cancelled() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        world.judge.hold()
        let request = Task { await world.restore(token) }
        while world.judge.heldCount == 0 { await Task.yield() }
        request.cancel()
        #expect(await request.value.outage != nil)
        world.judge.release()
        _ = try await world.restored(token)
    }
}
