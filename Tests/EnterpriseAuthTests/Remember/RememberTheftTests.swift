import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: remember tokens that come twice")
struct RememberTheftTests {
    @Test("within the grace a used token gets the same session and the same successor", arguments: [true, false])
    func grace(isRestarted: Bool) async throws {
        let first = World.remembering()
        let token = try await first.rememberedLater()
        let back = try await first.restored(token)
        let world = isRestarted ? first.restarted() : first
        world.clock.advance(by: .milliseconds(59_999))
        let again = try await world.restored(token)
        #expect(again.remember == back.remember && again.token == back.token && again.id == back.id)
        #expect(world.event(.restoration)?.reason == "parallel")
        #expect(world.event(.theft) == nil)
        #expect(try await world.manager.sessions(.all).count == 1)
    }

    @Test("after the grace it is theft: the series ends with all of its sessions, and others do not")
    func theft() async throws {
        let world = World.remembering()
        let other = try await world.rememberedLater()
        let otherSession = try await world.login()
        let token = try await world.rememberedLater()
        let kept = try await world.login()
        let back = try await world.restored(token)
        world.clock.advance(by: .seconds(60))
        #expect(await world.restore(token, client: World.otherBrowser).anonymousReason == .ended(.theft))
        let event = try #require(world.event(.theft))
        #expect(event.outcome == .refused && event.name == "alice" && event.client == World.otherBrowser)
        #expect(world.audit.events.count { $0.reason == "theft" && $0.kind == .sessionEnd } == 1)
        #expect(world.audit.events.count { $0.reason == "theft" && $0.kind == .rememberEnd } == 1)
        for (index, world) in [world, world.restarted()].enumerated() {
            #expect(await world.session(back.token) == nil)
            // Both learn why, as long as the process runs: nobody can say which of them is the thief.
            let reason: Resolution.AnonymousReason = index == 0 ? .ended(.theft) : .unknownToken
            #expect(await world.restore(back.remember).anonymousReason == reason)
            #expect(await world.restore(token).anonymousReason == reason)
            #expect(await world.session(kept.token) != nil)
        }
        #expect(await world.session(otherSession.token) == nil)
        _ = try await world.restored(other)
    }

    @Test("a thief who came first is thrown out when the browser comes with its old token")
    func thiefFirst() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        let thiefs = try await world.restored(token, client: World.otherBrowser)
        world.clock.advance(by: .seconds(3600))
        #expect(await world.restore(token).anonymousReason == .ended(.theft))
        #expect(await world.session(thiefs.token, client: World.otherBrowser) == nil)
        #expect(await world.restore(thiefs.remember).anonymousReason == .ended(.theft))
    }

    @Test("a token of two uses ago is theft even within the grace, and so is a token that never was")
    func older() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        let second = try await world.restored(token).remember
        _ = try await world.restored(second)
        #expect(await world.restore(token).anonymousReason == .ended(.theft))
        let bobs = try await world.rememberedLater("bob")
        #expect(await world.restore(bobs.successor([1, 2, 3])).anonymousReason == .ended(.theft))
    }

    @Test("without a grace the second use is theft at once")
    func noGrace() async throws {
        let world = World.remembering { $0.remember.grace = .zero }
        let token = try await world.rememberedLater()
        _ = try await world.restored(token)
        #expect(await world.restore(token).anonymousReason == .ended(.theft))
    }

    @Test("a clock that was set back does not make the grace longer, and one that is put right is no theft")
    func clockSetBack() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        _ = try await world.restored(token)
        world.clock.advance(by: .milliseconds(-20))
        #expect(await world.restore(token).success != nil)
        world.clock.advance(by: .seconds(-10))
        #expect(await world.restore(token).anonymousReason == .ended(.theft))
    }

    @Test("a theft that the store did not hear of holds here, and reaches the store later")
    func storeFails() async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        let token = try await world.rememberedLater()
        let back = try await world.restored(token)
        world.clock.advance(by: .seconds(60))
        store.refuseEnds()
        #expect(await world.restore(token).anonymousReason == .ended(.theft))
        #expect(await world.restore(back.remember).success == nil)
        store.allowEnds()
        await world.manager.tick()
        #expect(await world.restarted().restore(back.remember).anonymousReason == .unknownToken)
    }

    @Test("within the grace, but after the session was renewed, a parallel request gets a session of its own")
    func renewed() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        let back = try await world.restored(token)
        let renewed = try #require(await world.manager.confirmLogin(back.token, client: World.browser).success)
        let again = try await world.restored(token)
        #expect(again.remember == back.remember && again.id != back.id)
        #expect(await world.session(renewed.token)?.isFresh == true)
        #expect(await world.session(again.token)?.isFresh == false)
        // Both end with the login that is remembered.
        try await world.manager.logout(again.token, client: World.browser)
        #expect(await world.session(renewed.token) == nil)
        #expect(await world.restore(back.remember).anonymousReason == .unknownToken)
    }

    @Test("a parallel request's session is not one too many for the login that it came from")
    func limitWithinGrace() async throws {
        let world = World.remembering { $0.session.maxPerUser = 1 }
        let token = try await world.rememberedLater()
        let back = try await world.restored(token)
        let renewed = try #require(await world.manager.confirmLogin(back.token, client: World.browser).success)
        let again = try await world.restored(token)
        for world in [world, world.restarted()] {
            #expect(await world.session(renewed.token) == nil)
            #expect(await world.session(again.token) != nil)
        }
        _ = try await world.restored(back.remember)
    }

    @Test("within the grace nobody comes back to a login that has ended meanwhile")
    func endedMeanwhile() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        let back = try await world.restored(token)
        try await world.manager.logout(back.token, client: World.browser)
        #expect(await world.restore(token).anonymousReason == .unknownToken)
        #expect(await world.restarted().restore(token).anonymousReason == .unknownToken)
    }

    @Test("the store forgets what a successor is computed with once the grace is over")
    func saltForgotten() async throws {
        let world = World.remembering()
        _ = try await world.restored(try await world.rememberedLater())
        await world.manager.tick()
        #expect(try await world.store?.series(.all).allSatisfy { $0.previous != nil } == true)
        world.clock.advance(by: .seconds(60))
        await world.manager.tick()
        #expect(try await world.store?.series(.all).map(\.previous) == [nil])
    }
}
