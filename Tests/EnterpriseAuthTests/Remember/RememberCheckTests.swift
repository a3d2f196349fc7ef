import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: who comes back is checked")
struct RememberCheckTests {
    private let alice = World.identity("alice").userID

    private struct AppUser: User {
        var id: UserID?
        var isActive = true
    }

    @Test("the sources are asked at every use, however lately they answered")
    func asks() async throws {
        let world = World.remembering()
        let token = try #require(try await world.login(remember: true).rememberToken)
        #expect(world.provider.rechecks == 0)
        _ = try await world.restored(token)
        #expect(world.provider.rechecks == 1)
        #expect(world.judge.judgements == 2)
    }

    @Test("who is not active, or gone, is no longer remembered on any device", arguments: [true, false])
    func over(isGone: Bool) async throws {
        let world = World.remembering()
        let (first, second) = (try await world.rememberedLater(), try await world.rememberedLater())
        if isGone {
            world.provider.set(.ended(Refusal(.disabled, detail: "switched off")), for: alice)
        } else {
            world.judge.set(.inactive(reason: "left", groups: []), for: alice)
        }
        #expect(await world.restore(first).anonymousReason == .ended(isGone ? .gone : .inactive))
        #expect(world.event(.restoration)?.outcome == .refused)
        #expect(world.audit.events.count { $0.kind == .rememberEnd } == 2)
        #expect(try await world.store?.series(.all).isEmpty == true)
        // Being active again does not bring it back.
        world.provider.set(.good(World.identity("alice")), for: alice)
        world.judge.set(.active(groups: []), for: alice)
        for token in [first, second] {
            #expect(await world.restore(token).anonymousReason == .unknownToken)
            #expect(await world.restarted().restore(token).anonymousReason == .unknownToken)
        }
    }

    @Test("where nobody can say, it is unavailable, the login stays remembered and the token is not burnt")
    func outage() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        world.judge.set(outage: World.outage)
        for world in [world, world.restarted()] {
            #expect(await world.restore(token).outage == World.outage)
            #expect(world.event(.restoration)?.outcome == .unavailable)
        }
        #expect(try await world.manager.sessions(.all).isEmpty)
        world.judge.set(outage: nil)
        world.clock.advance(by: .seconds(15))
        #expect(try await world.restored(token).remember != token)
    }

    @Test("an outage within outage_grace, in which live sessions go on, is one for a remembered login all the same")
    func noGrace() async throws {
        let world = World.remembering()
        let success = try await world.login(remember: true)
        world.provider.set(outage: World.outage)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(success.token) != nil)
        #expect(await world.restore(try #require(success.rememberToken)).outage == World.outage)
        #expect(await world.session(success.token) != nil)
    }

    @Test("a password that was changed since the login ends what it was remembered by")
    func passwordChanged() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        world.provider.set(.good(World.identity("alice", passwordVersion: "2")), for: alice)
        #expect(await world.restore(token).success == nil)
        #expect(world.event(.rememberEnd)?.reason == "password_changed")
        #expect(await world.restarted().restore(token).anonymousReason == .unknownToken)
    }

    @Test("a login with the new password ends the logins that are remembered with the old one")
    func loginAfterChange() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        world.provider.add(World.identity("alice", passwordVersion: "2"), password: "alice's password")
        let new = try #require(try await world.login(remember: true).rememberToken)
        #expect(await world.restore(token).anonymousReason == .unknownToken)
        _ = try await world.restored(new)
    }

    @Test("giving the new password in a restored session keeps its login remembered, and no other one")
    func reauthenticationAfterChange() async throws {
        let world = World.remembering()
        let other = try await world.rememberedLater()
        let back = try await world.restored(try await world.rememberedLater())
        world.provider.add(World.identity("alice", passwordVersion: "2"), password: "alice's password")
        let credentials = try World.credentials("alice")
        let result = await world.manager.reauthenticate(
            back.token,
            password: credentials.password,
            client: World.browser
        )
        #expect(result.success != nil)
        #expect(await world.restore(other).anonymousReason == .unknownToken)
        _ = try await world.restarted().restored(back.remember)
    }

    @Test("a replica that lags behind is not taken for a changed password, nor does its answer end the session later")
    func laggingReplica() async throws {
        let world = World.remembering()
        world.provider.add(World.identity("alice", passwordVersion: "2"), password: "alice's password")
        let token = try await world.rememberedLater()
        world.provider.set(.good(World.identity("alice", passwordVersion: "1")), for: alice)
        let back = try await world.restored(token)
        world.provider.set(.good(World.identity("alice", passwordVersion: "2")), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(back.token) != nil)
    }

    @Test("a new login name reaches what is remembered, in memory and in the store", arguments: [true, false])
    func renamed(hasStore: Bool) async throws {
        let world = World.remembering(store: hasStore ? MemorySessionStore() : nil)
        let token = try await world.rememberedLater()
        let renamed = Identity(
            userID: alice,
            loginName: "alice.new",
            provider: "corp",
            source: World.identity("alice").source,
            passwordVersion: "1"
        )
        world.provider.set(.good(renamed), for: alice)
        _ = try await world.restored(token)
        let logins = try await world.manager.rememberedLogins(.loginName("alice.new"))
        #expect(logins.map(\.identity.loginName) == ["alice.new"])
        #expect(try await world.manager.end(.loginName("alice.new"), client: .local) == 1)
        #expect(try await world.manager.rememberedLogins(.all).isEmpty)
        #expect(world.event(.rememberEnd)?.name == "alice.new")
    }

    @Test("an application's own people are remembered if its user loader can say later who is gone")
    func userLoader() async throws {
        let user = AppUser(id: UserID(rawValue: "app:7"))
        let without = World.remembering()
        let result = await without.manager.login(user, client: World.browser, remember: true)
        #expect(try #require(result.success).rememberToken == nil)
        let answer = Counter()
        let world = World(
            configure: { $0.remember.enabled = true },
            userLoader: { answer.next() < 3 ? AppUser(id: $0) : nil }
        )
        let success = try #require(await world.manager.login(user, client: World.browser, remember: true).success)
        world.clock.advance(by: .seconds(86_400))
        let first = try await world.restored(try #require(success.rememberToken))
        let second = try await world.restored(first.remember)
        #expect(await world.restore(second.remember).anonymousReason == .ended(.gone))
        #expect(await world.restore(second.remember).anonymousReason == .unknownToken)
        // Once nobody can be asked any more, nobody can say.
        let token = try #require(await world.manager.login(user, client: World.browser, remember: true).success)
        let later = World.remembering(store: world.store)
        #expect(await later.restore(try #require(token.rememberToken)).outage?.kind == .misconfigured)
    }

    @Test("who was let in by force although not active is not remembered")
    func forced() async throws {
        let world = World(configure: { $0.remember.enabled = true }, userLoader: { AppUser(id: $0, isActive: false) })
        let user = AppUser(id: UserID(rawValue: "app:7"), isActive: false)
        let result = await world.manager.login(user, force: true, client: World.browser, remember: true)
        #expect(try #require(result.success).rememberToken == nil)
    }
}
