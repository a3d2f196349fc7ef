import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: the ends of remembered logins")
struct RememberEndTests {
    private let alice = World.identity("alice").userID

    /// What ends a login that is remembered, while a session of it is live.
    enum End: String, CaseIterable, Sendable {
        case logout, logoutAll, endSession, endSeries, endUser, endAll, replaced, strongClient, forget
    }

    private func play(_ end: End, _ world: World, _ back: World.Restored) async throws {
        let manager = world.manager
        switch end {
        case .logout: #expect(try await manager.logout(back.token, client: World.browser))
        case .logoutAll: #expect(try await manager.logoutAll(alice, client: World.browser) == 1)
        case .endSession: #expect(try await manager.end(.ids([back.id]), reason: .user, client: World.browser) == 1)
        case .endSeries:
            let id = try #require(try await manager.rememberedLogins(.user(alice)).first).id
            #expect(try await manager.end(.ids([id]), reason: .user, client: World.browser) == 1)
        case .endUser: #expect(try await manager.end(.loginName("alice"), client: .local) == 1)
        case .endAll: try await manager.end(.all, client: .local)
        case .replaced: try await world.login("alice", replacing: back.token)
        case .strongClient: #expect(await world.session(back.token, client: World.otherBrowser) == nil)
        case .forget: #expect(try await manager.forget(back.remember, client: World.browser))
        }
    }

    @Test("FL-19 FL-20 with its session a remembered login ends, for good", arguments: End.allCases, [true, false])
    func withSession(_ end: End, isRestarted: Bool) async throws {
        let first = World.remembering { $0.session.protection = .strong }
        let bobs = end == .endAll ? nil : try await first.login("bob", remember: true).rememberToken
        let back = try await first.restored(try await first.rememberedLater())
        let world = isRestarted ? first.restarted() : first
        try await play(end, world, back)
        #expect(await world.session(back.token) == nil)
        for world in [world, world.restarted()] {
            #expect(await world.restore(back.remember).anonymousReason == .unknownToken)
        }
        let left = try await world.store?.series(.all) ?? []
        #expect(left.map(\.identity.loginName) == (bobs == nil ? [] : ["bob"]))
        if let bobs { _ = try await world.restored(bobs) }
    }

    @Test(
        "a session that only ran out of time, or was not used, leaves the login remembered",
        arguments: [true, false]
    )
    func timeOut(isSwept: Bool) async throws {
        let world = World.remembering()
        let success = try await world.login(remember: true)
        world.clock.advance(by: .seconds(1800))
        if isSwept { await world.manager.tick() }
        #expect(await world.session(success.token) == nil)
        #expect(try await world.manager.sessions(.all).isEmpty)
        #expect(try await world.manager.rememberedLogins(.all).count == 1)
        _ = try await world.restored(try #require(success.rememberToken))
    }

    @Test(
        "a login without a live session ends by its id, with all of the person's, and when it is forgotten",
        arguments: [End.endSeries, .logoutAll, .endUser, .endAll, .forget]
    )
    func withoutSession(_ end: End) async throws {
        let first = World.remembering()
        let token = try await first.rememberedLater()
        for world in [first, first.restarted()] {
            let back = World.Restored(token: .random(), remember: token, id: try SampleSessions.id())
            if world.clock === first.clock, try await world.manager.rememberedLogins(.all).isEmpty { continue }
            try await play(end, world, back)
        }
        #expect(await first.restore(token).anonymousReason == .unknownToken)
        #expect(await first.restarted().restore(token).anonymousReason == .unknownToken)
    }

    @Test("ending all others leaves the session in use, and the login that it came from")
    func others() async throws {
        let world = World.remembering()
        let other = try await world.rememberedLater()
        let back = try await world.restored(try await world.rememberedLater())
        #expect(try await world.manager.logoutAll(alice, except: back.id, client: World.browser) == 1)
        #expect(await world.session(back.token) != nil)
        #expect(await world.restore(other).anonymousReason == .unknownToken)
        _ = try await world.restarted().restored(back.remember)
    }

    @Test("the end of a session that hangs on a restored one leaves the login remembered; with the parent all end")
    func children() async throws {
        let world = World.remembering()
        let back = try await world.restored(try await world.rememberedLater())
        let user = try #require(await world.session(back.token)).directoryUser
        func child() async throws -> SessionToken {
            var draft = SessionDraft(user: user, verdictAt: world.clock.now, isFresh: false, client: World.browser)
            draft.parent = back.id
            let deadline = ContinuousClock.now + .seconds(10)
            return try await world.manager.keeper.begin(draft, replacing: nil, until: deadline).token
        }
        try await world.manager.logout(try await child(), client: World.browser)
        #expect(try await world.manager.rememberedLogins(.all).count == 1)
        let second = try await child()
        try await world.manager.forget(back.remember, client: World.browser)
        #expect(await world.session(second) == nil)
        #expect(await world.restarted().session(second) == nil)
    }

    @Test("an end that the store did not take holds in this process, and is brought to the store later")
    func storeFails() async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        let back = try await world.restored(try await world.rememberedLater())
        store.refuseEnds()
        await #expect(throws: Outage.self) { try await world.manager.logout(back.token, client: World.browser) }
        #expect(await world.restore(back.remember).success == nil)
        #expect(await world.session(back.token) == nil)
        #expect(try await world.manager.rememberedLogins(.all).isEmpty)
        store.allowEnds()
        await world.manager.tick()
        #expect(await world.restarted().restore(back.remember).anonymousReason == .unknownToken)
    }

    @Test("a login that the store did not take is not remembered")
    func loginFails() async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        store.fail(true)
        let credentials = try World.credentials("alice")
        let result = await world.manager.login(credentials, client: World.browser, remember: true)
        #expect(result.success == nil)
        store.fail(false)
        #expect(try await world.manager.rememberedLogins(.all).isEmpty)
    }
}
