import EnterpriseAuthTesting
import HostSystem
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: remembered logins")
struct RememberTests {
    @Test("FL-18 a login is remembered if the person asks for it and the configuration allows it, and not otherwise")
    func asked() async throws {
        let world = World.remembering()
        #expect(try await world.login().rememberToken == nil)
        #expect(try await world.login(remember: true).rememberToken != nil)
        #expect(try await World().login(remember: true).rememberToken == nil)
    }

    @Test(
        "FL-33 FL-56 a remembered login opens a session that is not fresh and says so, with a new token of both kinds",
        arguments: [true, false]
    )
    func restores(hasStore: Bool) async throws {
        let world = World.remembering(store: hasStore ? MemorySessionStore() : nil)
        let first = try await world.rememberedLater()
        let back = try await world.restored(first)
        #expect(back.remember != first)
        let session = try #require(await world.session(back.token))
        #expect(session.userID == World.identity("alice").userID)
        #expect(session.isRemembered && session.session.flags.contains(.remembered))
        #expect(!session.isFresh && session.authenticatedAt == nil)
        #expect(world.event(.restoration)?.outcome == .success)
        #expect(world.event(.restoration)?.sessionID == back.id)
        world.clock.advance(by: .seconds(86_400))
        #expect(try await world.restored(back.remember).remember != back.remember)
    }

    @Test("the session of the login itself is fresh and was not remembered")
    func firstSession() async throws {
        let world = World.remembering()
        let session = try #require(await world.session(try await world.login(remember: true).token))
        #expect(session.isFresh && !session.isRemembered)
    }

    @Test("nothing but a password makes a restored session fresh, and the login stays remembered")
    func fresh() async throws {
        let world = World.remembering()
        let back = try await world.restored(try await world.rememberedLater())
        let password = SecretBytes(Array("alice's password".utf8))
        let renewed = try #require(
            await world.manager.reauthenticate(back.token, password: password, client: World.browser).success
        )
        #expect(renewed.rememberToken == nil)
        let session = try #require(await world.session(renewed.token))
        #expect(session.isFresh && session.isRemembered)
        world.clock.advance(by: .seconds(86_400))
        _ = try await world.restored(back.remember)
    }

    @Test("after a restart everything is as before, token and flag too")
    func restart() async throws {
        let world = World.remembering()
        let first = try await world.rememberedLater()
        let back = try await world.restarted().restored(first)
        let later = world.restarted()
        #expect(await later.session(back.token)?.isRemembered == true)
        later.clock.advance(by: .seconds(86_400))
        _ = try await later.restored(back.remember)
    }

    @Test("the session before ends when the browser comes back without it, and the login is the same one in lists")
    func oneSession() async throws {
        let world = World.remembering()
        let success = try await world.login(remember: true)
        let back = try await world.restored(try #require(success.rememberToken))
        #expect(await world.session(success.token) == nil)
        #expect(world.event(.sessionEnd)?.reason == "restored")
        #expect(try await world.manager.sessions(.all).map(\.id) == [back.id])
        #expect(try await world.manager.rememberedLogins(.all).count == 1)
    }

    @Test("FL-53 a series that nobody knows is nobody's, and so is what cannot be a token")
    func unknown() async throws {
        let world = World.remembering()
        #expect(await world.restore(.random()).anonymousReason == .unknownToken)
        #expect(world.event(.unknownToken)?.outcome == .refused)
        #expect(await world.manager.restore(text: nil, client: World.browser).anonymousReason == .noToken)
        #expect(await world.manager.restore(text: "1|0e9e", client: World.browser).anonymousReason == .malformedToken)
        let token = try await world.rememberedLater()
        #expect(await world.manager.restore(text: token.text, client: World.browser).success != nil)
    }

    @Test("a remember token is no session token, nor is a session token half of one")
    func notMixed() async throws {
        let world = World.remembering()
        let success = try await world.login(remember: true)
        let text = try #require(success.rememberToken).text
        for part in [text] + text.split(separator: ".").map(String.init) {
            #expect(await world.manager.resolve(text: part, client: World.browser).session == nil)
        }
        let made = try #require(RememberToken("\(success.token.text).\(success.token.text)"))
        #expect(await world.restore(made).anonymousReason == .unknownToken)
    }

    @Test("FL-54 a login is remembered for its lifetime after the last use, kept by us and not by the browser")
    func lifetime() async throws {
        let world = World.remembering { $0.remember.lifetime = .seconds(7 * 86_400) }
        let bobs = try #require(try await world.login("bob", remember: true).rememberToken)
        var token = try await world.rememberedLater()
        for _ in 0..<5 {
            world.clock.advance(by: .seconds(5 * 86_400))
            token = try await world.restored(token).remember
        }
        #expect(await world.restore(bobs).anonymousReason == .ended(.lifetime))
        world.clock.advance(by: .seconds(7 * 86_400))
        #expect(await world.restore(token).anonymousReason == .ended(.lifetime))
        #expect(try await world.manager.rememberedLogins(.all).isEmpty)
        await world.manager.tick()
        #expect(await world.restore(token).anonymousReason == .unknownToken)
        #expect(try await world.store?.series(.all).isEmpty == true)
    }

    @Test("FL-18 a login may ask for a shorter time, which its uses keep, and for no longer one")
    func ownLifetime() async throws {
        let world = World.remembering { $0.remember.lifetime = .seconds(7 * 86_400) }
        func remember(for lifetime: Duration) async throws -> LoginSuccess {
            let user = DirectoryUser(identity: World.identity("alice"), groups: [], isActive: true)
            let result = await world.manager.login(user, client: World.browser, remember: true, for: lifetime)
            return try #require(result.success)
        }
        let long = try await remember(for: .seconds(8 * 86_400))
        #expect(world.manager.rememberedLogin(of: long.session)?.lifetime == .seconds(7 * 86_400))
        let short = try await remember(for: .seconds(86_400))
        var token = try #require(short.rememberToken)
        let series = try #require(world.manager.rememberedLogin(of: short.session))
        #expect(series.lifetime == .seconds(86_400) && series.isOpened(by: token))
        for _ in 0..<3 {
            world.clock.advance(by: .seconds(86_399))
            let used = token
            token = try await world.restored(token).remember
            let series = try #require(try await world.manager.rememberedLogins(.ids([series.id])).first)
            #expect(series.lifetime == .seconds(86_400) && series.isOpened(by: token) && !series.isOpened(by: used))
        }
        world.clock.advance(by: .seconds(86_400))
        #expect(await world.restore(token).anonymousReason == .ended(.lifetime))
        #expect(world.manager.rememberedLogin(of: try await world.login().session) == nil)
    }

    @Test("a lifetime that the configuration makes shorter counts for logins that are remembered already")
    func shorter() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        var configuration = world.configuration
        configuration.remember.lifetime = .seconds(3600)
        let later = World(store: world.store, clock: world.clock) { $0 = configuration }
        #expect(await later.restore(token).success == nil)
    }

    @Test("where nobody is to be remembered, tokens of before are refused, and can be forgotten")
    func disabled() async throws {
        let world = World.remembering()
        let token = try await world.rememberedLater()
        var configuration = world.configuration
        configuration.remember.enabled = false
        let later = World(store: world.store, clock: world.clock) { $0 = configuration }
        #expect(await later.restore(token).anonymousReason == .unknownToken)
        #expect(try await later.manager.forget(token, client: World.browser))
        #expect(await world.restarted().restore(token).anonymousReason == .unknownToken)
    }

    @Test("of too many remembered logins the one that was not used for longest ends, with its sessions")
    func limit() async throws {
        let world = World.remembering { $0.session.maxPerUser = 2 }
        let first = try await world.rememberedLater()
        let second = try await world.rememberedLater()
        let third = try await world.rememberedLater()
        #expect(await world.restore(first).anonymousReason == .unknownToken)
        #expect(world.audit.events.contains { $0.kind == .rememberEnd && $0.reason == "limit" })
        _ = try await world.restored(second)
        _ = try await world.restored(third)
        #expect(try await world.manager.rememberedLogins(.all).count == 2)
        #expect(try await world.manager.sessions(.all).count == 2)
    }

    @Test("the newest remembered login never is the one too many, even where the clock was set back")
    func limitClockBack() async throws {
        let world = World.remembering { $0.session.maxPerUser = 1 }
        let first = try #require(try await world.login(remember: true).rememberToken)
        world.clock.advance(by: .seconds(-3600))
        let second = try #require(try await world.login(remember: true).rememberToken)
        for world in [world, world.restarted()] { #expect(await world.restore(first).success == nil) }
        _ = try await world.restarted().restored(second)
    }

    @Test("store and audit log get hashes, and no token")
    func secrecy() async throws {
        let store = FailingStore()
        let world = World.remembering(store: store)
        let first = try await world.rememberedLater()
        let back = try await world.restored(first)
        let again = try await world.restored(first)
        _ = await world.restore(.random())
        let written = "\(store.batches)\(world.audit.events.map(\.jsonLine))"
        for token in [first, back.remember, again.remember] {
            for part in token.text.split(separator: ".") { #expect(!written.contains(part)) }
        }
        #expect(!written.contains(back.token.text))
        #expect(written.contains(back.remember.tokenHash.description))
    }
}
