import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: sessions for one audience")
struct ChildSessionTests {
    private static let wiki = "wiki.example.org"

    private static func child(_ world: World, _ token: SessionToken, _ audience: String = wiki) async throws
        -> SessionToken
    {
        let session = try #require(await world.session(token))
        return try #require(try await world.manager.openChild(of: session, for: audience, client: World.browser))
    }

    private static func resolve(_ world: World, _ token: SessionToken, _ audience: String) async -> Resolution {
        await world.manager.resolve(text: token.text, audience: audience, client: World.browser)
    }

    @Test("are good for that audience, and no token at all anywhere else")
    func audience() async throws {
        let world = World()
        let parent = try await world.login()
        let child = try await Self.child(world, parent.token)
        #expect(await Self.resolve(world, child, Self.wiki).session?.userID == parent.session.identity.userID)
        for audience in ["hr.example.org", "", "wiki.example.or", "wiki.example.orgg"] {
            #expect(await Self.resolve(world, child, audience).anonymousReason == .unknownToken, "\(audience)")
        }
        #expect(await world.resolve(child).anonymousReason == .unknownToken)
        // Nor is the session that it hangs on good at the audience.
        #expect(await Self.resolve(world, parent.token, Self.wiki).anonymousReason == .unknownToken)
    }

    @Test("end with the session that they hang on, also after a restart", arguments: [false, true])
    func end(restart: Bool) async throws {
        var world = World()
        let parent = try await world.login()
        let child = try await Self.child(world, parent.token)
        if restart { world = world.restarted() }
        #expect(await Self.resolve(world, child, Self.wiki).session != nil)
        try await world.manager.logout(parent.token, client: World.browser)
        #expect(await Self.resolve(world, child, Self.wiki).session == nil)
        #expect(try await world.store?.sessions(.all).isEmpty == true)
    }

    @Test("cannot be opened for a session that has ended, or that hangs on another")
    func impossible() async throws {
        let world = World()
        let parent = try await world.login()
        let session = try #require(await world.session(parent.token))
        let child = try await Self.child(world, parent.token)
        let grandparent = try #require(await Self.resolve(world, child, Self.wiki).session)
        #expect(try await world.manager.openChild(of: grandparent, for: "x", client: World.browser) == nil)
        try await world.manager.logout(parent.token, client: World.browser)
        #expect(try await world.manager.openChild(of: session, for: "x", client: World.browser) == nil)
    }

    @Test("count as the use of the session that they hang on, and end no later than it")
    func limits() async throws {
        let world = World {
            $0.session.idle = .seconds(600)
            $0.session.lifetime = .seconds(3600)
        }
        let parent = try await world.login()
        let child = try await Self.child(world, parent.token)
        for _ in 0..<5 {
            world.clock.advance(by: .seconds(500))
            #expect(await Self.resolve(world, child, Self.wiki).session != nil)
        }
        #expect(await world.session(parent.token) != nil)
        world.clock.advance(by: .seconds(500))
        let late = try await Self.child(world, parent.token)
        world.clock.advance(by: .seconds(590))
        #expect(await Self.resolve(world, late, Self.wiki).session != nil)
        world.clock.advance(by: .seconds(20))
        #expect(await Self.resolve(world, late, Self.wiki).session == nil)
    }

    @Test("stay when the session that they hang on gets a new token, and go when its password is changed")
    func renewal() async throws {
        let world = World()
        let parent = try await world.login()
        let child = try await Self.child(world, parent.token)
        let result = await world.manager.confirmLogin(parent.token, client: World.browser)
        guard case .renewed(let renewed) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(await Self.resolve(world, child, Self.wiki).session != nil)
        world.provider.add(World.identity("alice", passwordVersion: "2"), password: "alice's password")
        try await world.login()
        #expect(await Self.resolve(world, child, Self.wiki).session == nil)
        #expect(await world.session(renewed.token) == nil)
    }

    @Test("are not counted by the limit of sessions, and are limited by one of their own")
    func number() async throws {
        let world = World { $0.session.maxPerUser = 2 }
        let parent = try await world.login()
        let first = try await Self.child(world, parent.token)
        for _ in 0..<99 { _ = try await Self.child(world, parent.token) }
        #expect(await world.session(parent.token) != nil)
        #expect(await Self.resolve(world, first, Self.wiki).session != nil)
        let last = try await Self.child(world, parent.token)
        #expect(await Self.resolve(world, first, Self.wiki).session == nil)
        #expect(await Self.resolve(world, last, Self.wiki).session != nil)
    }

    @Test("do not exist if the store did not take them")
    func store() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let parent = try await world.login()
        let session = try #require(await world.session(parent.token))
        store.fail(true)
        await #expect(throws: Outage.self) {
            try await world.manager.openChild(of: session, for: Self.wiki, client: World.browser)
        }
    }
}
