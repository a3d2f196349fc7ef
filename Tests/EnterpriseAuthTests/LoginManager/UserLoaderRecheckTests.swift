import EnterpriseAuthTesting
import Synchronization
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: asking the user loader about an application's people")
struct UserLoaderRecheckTests {
    private struct AppUser: User {
        var id: UserID?
        var isActive = true
    }

    /// What the loader says, and how often it was asked.
    private final class Loader: Sendable {
        enum Answer: Sendable { case active, inactive, gone, outage }

        private let state = Mutex((answer: Answer.active, calls: 0))
        var calls: Int { state.withLock { $0.calls } }

        func say(_ answer: Answer) { state.withLock { $0.answer = answer } }

        func load(_ id: UserID) throws -> (any User)? {
            let answer = state.withLock { state in
                state.calls += 1
                return state.answer
            }
            switch answer {
            case .active: return AppUser(id: id)
            case .inactive: return AppUser(id: id, isActive: false)
            case .gone: return nil
            case .outage: throw ConformanceFailure("the database is down")
            }
        }
    }

    private let id = UserID(rawValue: "app:7")
    private let loader = Loader()

    private func world(_ configure: (inout LoginConfiguration) -> Void = { _ in }) -> World {
        World(configure: configure, userLoader: { [loader] in try loader.load($0) })
    }

    private func login(_ world: World, isActive: Bool = true) async throws -> SessionToken {
        let user = AppUser(id: id, isActive: isActive)
        let result = await world.manager.login(user, force: !isActive, client: World.browser)
        return try #require(result.success).token
    }

    @Test("the background check asks the loader when it is due, and nil ends the sessions for good")
    func background() async throws {
        let world = world()
        let token = try await login(world)
        #expect(await world.session(token) != nil)
        await world.manager.tick()
        #expect(loader.calls == 0)
        world.clock.advance(by: .seconds(61))
        await world.manager.tick()
        #expect(loader.calls == 1)
        #expect(await world.session(token) != nil)
        loader.say(.gone)
        world.clock.advance(by: .seconds(61))
        await world.manager.tick()
        #expect(await world.resolve(token).anonymousReason == .unknownToken)
        #expect(await world.restarted().resolve(token).anonymousReason == .unknownToken)
        let event = try #require(world.audit.events.last { $0.kind == .sessionEnd })
        #expect(event.reason == "gone")
        #expect(event.detail == "the user loader knows nobody of this id")
    }

    @Test("without a background check the next request after recheck waits for the loader")
    func request() async throws {
        let world = world()
        let token = try await login(world)
        loader.say(.gone)
        world.clock.advance(by: .seconds(61))
        #expect(await world.resolve(token).anonymousReason == .ended(.gone))
    }

    @Test("a loader that fails leaves the sessions to the grace of an outage, then suspends them")
    func outage() async throws {
        let world = world { $0.active.outageGrace = .seconds(200) }
        let token = try await login(world)
        loader.say(.outage)
        world.clock.advance(by: .seconds(100))
        #expect(await world.session(token) != nil)
        world.clock.advance(by: .seconds(150))
        #expect(await world.resolve(token).outage?.source == "user loader")
        loader.say(.active)
        world.clock.advance(by: .seconds(20))
        #expect(await world.session(token) != nil)
    }

    @Test("a person who is not active any more loses the sessions, unless let in although inactive")
    func inactive() async throws {
        let world = world()
        let plain = try await login(world)
        let forced = try await login(world, isActive: false)
        loader.say(.inactive)
        world.clock.advance(by: .seconds(61))
        #expect(await world.resolve(plain).anonymousReason == .ended(.inactive))
        #expect(await world.session(forced) != nil)
    }

    @Test("groups that the application gave are kept")
    func groups() async throws {
        let world = world()
        let identity = Identity(userID: id, loginName: "seven", provider: "shop", source: .application)
        let user = DirectoryUser(identity: identity, groups: ["staff"], isActive: true)
        let token = try #require(await world.manager.login(user, client: World.browser).success).token
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token)?.directoryUser == user)
        #expect(loader.calls == 1)
    }

    @Test(
        "an answer of the loader changes nothing if it was asked for before a newer answer came",
        arguments: [Loader.Answer.inactive, .gone]
    )
    private func olderAnswer(late: Loader.Answer) async throws {
        let gate = PAMGate()
        let world = World(userLoader: { [loader] id in
            let answer = try loader.load(id)
            try await gate.wait()
            return answer
        })
        let identity = Identity(userID: id, loginName: "seven", provider: "corp", source: .application)
        world.provider.add(identity, password: "seven's password")
        #expect(await world.session(try await world.login("seven").token) != nil)
        loader.say(late)
        world.clock.advance(by: .seconds(61))
        let check = Task { await world.manager.tick() }
        #expect(await ProcessCensus.wait { loader.calls == 1 })
        world.clock.advance(by: .seconds(1))
        let token = try await world.login("seven").token
        gate.open()
        await check.value
        #expect(world.manager.checker.goingOn == 0)
        #expect(await world.session(token) != nil)
        #expect(loader.calls == 1)
    }

    @Test("the loader's time for a request begins when it is asked, however long the request has been at work")
    func patience() async throws {
        let world = World(
            configure: { $0.login.deadline = .seconds(2) },
            userLoader: { [id] _ in
                // Longer than the timer takes to see that a time is over.
                try await Task.sleep(for: SharedTimer.tick * 4)
                return AppUser(id: id)
            }
        )
        let token = try await login(world)
        let session = try #require(await world.session(token))
        // The time of a wait is the machine's own: no clock of a test's stands for it.
        try await Task.sleep(for: .seconds(2) + HardDeadline.grace)
        guard case .user(let user) = await session.user() else {
            Issue.record("the loader was given no time")
            return
        }
        #expect(user.id == id)
    }

    @Test("a provider whose people are an application's is asked again too, with and without a loader")
    func provider() async throws {
        let identity = Identity(userID: id, loginName: "seven", provider: "corp", source: .application)
        for world in [World(), world()] {
            world.provider.add(identity, password: "seven's password")
            let token = try await world.login("seven").token
            world.clock.advance(by: .seconds(61))
            #expect(await world.session(token) != nil)
            #expect(world.provider.rechecks == 1)
            world.provider.set(.ended(Refusal(.disabled, detail: "switched off")), for: id)
            world.clock.advance(by: .seconds(61))
            #expect(await world.resolve(token).anonymousReason == .ended(.gone))
        }
        #expect(loader.calls == 1)
    }

    @Test("without a loader nobody is asked about people for whom the application vouches")
    func nobody() async throws {
        let world = World()
        let token = try await login(world)
        world.clock.advance(by: .seconds(1000))
        #expect(await world.session(token) != nil)
        #expect(world.provider.rechecks == 0)
    }
}
