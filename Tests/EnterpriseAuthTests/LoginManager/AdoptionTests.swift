import EnterpriseAuthTesting
import HostSystem
import Synchronization
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: another configuration while it runs")
struct AdoptionTests {
    private let alice = World.identity("alice").userID

    private func adopt(
        _ world: World,
        judge: any ActivityJudge,
        configure: (inout LoginConfiguration) -> Void = { _ in }
    ) {
        var configuration = world.configuration
        configure(&configuration)
        world.manager.adopt(configuration, chain: ProviderChain(providers: [world.provider]), judge: judge)
    }

    @Test("whom the new rules do not let in is out at the next look, however new the last answer is")
    func nextLook() async throws {
        let world = World()
        let token = try await world.login().token
        let judge = ScriptedJudge()
        judge.set(.inactive(reason: "not in staff any more", groups: []), for: alice)
        adopt(world, judge: judge)
        #expect(await world.resolve(token).anonymousReason == .ended(.inactive))
    }

    @Test("whom the new rules do not let in is out in the background too")
    func background() async throws {
        let world = World()
        let token = try await world.login().token
        let judge = ScriptedJudge()
        judge.set(.inactive(reason: "not in staff any more", groups: []), for: alice)
        adopt(world, judge: judge)
        await world.manager.tick()
        #expect(await world.resolve(token).anonymousReason == .unknownToken)
    }

    @Test("everybody else is asked about once and goes on")
    func goesOn() async throws {
        let world = World()
        let token = try await world.login().token
        let judge = ScriptedJudge()
        adopt(world, judge: judge)
        world.clock.advance(by: .seconds(1))
        for _ in 0..<3 { #expect(await world.session(token) != nil) }
        #expect(judge.judgements == 1)
    }

    @Test("where nobody can say, the grace of every outage holds")
    func outage() async throws {
        let world = World()
        let token = try await world.login().token
        let judge = ScriptedJudge()
        judge.set(.unavailable(World.outage), for: alice)
        adopt(world, judge: judge)
        #expect(await world.session(token) != nil)
        world.clock.advance(by: .seconds(901))
        guard case .unavailable = await world.resolve(token) else {
            Issue.record("the grace is over")
            return
        }
    }

    @Test("who comes from a provider that is no longer there is gone")
    func provider() async throws {
        let world = World()
        let token = try await world.login().token
        let other = ScriptedProvider(name: "other")
        world.manager.adopt(world.configuration, chain: ProviderChain(providers: [other]), judge: ScriptedJudge())
        #expect(await world.resolve(token).anonymousReason == .ended(.gone))
    }

    @Test("a check that was under way does not count for the new rules")
    func underWay() async throws {
        let world = World()
        let token = try await world.login().token
        world.clock.advance(by: .seconds(61))
        world.judge.hold()
        async let resolution = world.resolve(token)
        while world.judge.heldCount == 0 { await Task.yield() }
        let judge = ScriptedJudge()
        judge.set(.inactive(reason: "not in staff any more", groups: []), for: alice)
        adopt(world, judge: judge)
        world.judge.release()
        #expect(await resolution.anonymousReason == .ended(.inactive))
    }

    @Test("a login that begins in that moment is one of the new rules, or asked about again")
    func moment() async throws {
        let clock = EventfulClock()
        var configuration = World().configuration
        configuration.throttle.enabled = false
        let provider = ScriptedProvider(name: "corp")
        provider.add(World.identity("alice"), password: "right")
        let manager = LoginManager(
            configuration: configuration,
            chain: ProviderChain(providers: [provider]),
            judge: ScriptedJudge(),
            store: nil,
            clock: clock
        )
        let judge = ScriptedJudge()
        judge.set(.inactive(reason: "not in staff any more", groups: []), for: alice)
        clock.beforeNext { [configuration] in
            manager.adopt(configuration, chain: ProviderChain(providers: [provider]), judge: judge)
        }
        let credentials = try Credentials(username: "alice", password: SecretBytes(text: "right"))
        guard case .success(let success) = await manager.login(credentials, client: World.browser) else { return }
        #expect(await manager.resolve(success.token, client: World.browser).anonymousReason == .ended(.inactive))
    }

    @Test("limits of sessions hold at once, and the lifetime for those that begin")
    func limits() async throws {
        let world = World()
        let old = try await world.login().token
        adopt(world, judge: world.judge) {
            $0.session.idle = .seconds(30)
            $0.session.lifetime = .seconds(60)
        }
        let new = try await world.login("bob")
        #expect(new.session.expiresAt == Timestamp(milliseconds: world.clock.nowMilliseconds + 60_000))
        world.clock.advance(by: .seconds(31))
        #expect(await world.resolve(old).anonymousReason == .ended(.idle))
    }
}

/// A clock that lets something happen, which takes a millisecond, before it says what time it is.
private final class EventfulClock: WallClock {
    private let state = Mutex<(now: Int64, event: (@Sendable () -> Void)?)>((1_700_000_000_000, nil))

    var nowMilliseconds: Int64 {
        if let event = state.withLock({ $0.event.take() }) {
            event()
            state.withLock { $0.now += 1 }
        }
        return state.withLock { $0.now }
    }

    func beforeNext(_ event: @escaping @Sendable () -> Void) {
        state.withLock { $0.event = event }
    }
}
