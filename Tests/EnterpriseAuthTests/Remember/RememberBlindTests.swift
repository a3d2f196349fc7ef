import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: remembered logins whose source may not show a change of the password")
struct RememberBlindTests {
    /// A world in which the source shows this as the version of alice's password.
    private func world(_ version: String?) -> World {
        let world = World.remembering()
        world.provider.add(World.identity("alice", passwordVersion: version), password: "alice's password")
        return world
    }

    /// The day of the world's clock, as `shadowLastChange` counts days.
    private static let today = ManualClock().now.milliseconds / 86_400_000

    /// Comes back every hour for so long.
    /// - Returns: Whether the last time was good.
    private func comesBack(_ world: World, hours: Int) async throws -> Bool {
        var token = try #require(try await world.login(remember: true).rememberToken)
        for _ in 0..<hours {
            world.clock.advance(by: .seconds(3600))
            guard let next = await world.restore(token).success?.rememberToken else { return false }
            token = next
        }
        return true
    }

    @Test(
        "last a day, however often they are used, if nothing shows a change or it need not show",
        arguments: [nil, "\(today)", "\(today + 1)"]
    )
    func blind(version: String?) async throws {
        #expect(try await comesBack(world(version), hours: 23))
        let world = world(version)
        #expect(try await comesBack(world, hours: 25) == false)
        let event = try #require(world.event(.restoration))
        #expect((event.outcome, event.reason) == (.refused, "lifetime"))
        #expect(event.name == "alice")
    }

    @Test(
        "last as long as they are used if every change shows",
        arguments: ["\(today - 1)", "20260301090000Z", "133500000000000000"]
    )
    func seen(version: String) async throws {
        #expect(try await comesBack(world(version), hours: 100))
    }

    @Test("end with the first change that shows where none has shown before")
    func firstChange() async throws {
        let world = world(nil)
        let token = try #require(try await world.login(remember: true).rememberToken)
        world.clock.advance(by: .seconds(3600))
        let changed = World.identity("alice", passwordVersion: "20260301090000Z")
        world.provider.set(.good(changed), for: changed.userID)
        #expect(await world.restore(token).success == nil)
        #expect(world.event(.rememberEnd)?.reason == SessionEndReason.passwordChanged.rawValue)
    }

    @Test("are listed with the end that they have")
    func listed() async throws {
        let world = world(nil)
        try await world.login(remember: true)
        let series = try #require(try await world.manager.rememberedLogins(.all).first)
        #expect(series.expiresAt == series.createdAt.adding(.seconds(86_400)))
    }

    @Test("of an application's own people are the application's business")
    func application() async throws {
        struct Person: User {
            var id: UserID?
            var isActive = true
        }
        let world = World(configure: { $0.remember.enabled = true }, userLoader: { Person(id: $0) })
        let person = Person(id: UserID(source: "app", value: "7"))
        let result = await world.manager.login(person, client: World.browser, remember: true)
        let token = try #require(result.success?.rememberToken)
        world.clock.advance(by: .seconds(20 * 86_400))
        _ = try await world.restored(token)
    }
}
