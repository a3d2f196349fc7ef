import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: checking people again")
struct RecheckTests {
    private let alice = World.identity("alice").userID

    @Test("the background check ends the sessions of a person who is no longer active")
    func inactive() async throws {
        let world = World()
        let token = try await world.login().token
        _ = await world.session(token)
        world.judge.set(.inactive(reason: "not in staff", groups: []), for: alice)
        world.clock.advance(by: .seconds(61))
        await world.manager.tick()
        #expect(await world.resolve(token).anonymousReason == .unknownToken)
        let event = try #require(world.audit.events.last { $0.kind == .sessionEnd })
        #expect(event.reason == "inactive")
        #expect(event.detail == "not in staff")
        #expect(await world.restarted().resolve(token).anonymousReason == .unknownToken)
    }

    @Test("the background check asks nobody before it is due, and nobody who was not seen")
    func notDue() async throws {
        let world = World()
        let token = try await world.login().token
        _ = await world.session(token)
        world.clock.advance(by: .seconds(30))
        await world.manager.tick()
        #expect(world.provider.rechecks == 0)
        world.clock.advance(by: .seconds(31))
        await world.manager.tick()
        #expect(world.provider.rechecks == 1)
        world.clock.advance(by: .seconds(120))
        await world.manager.tick()
        #expect(world.provider.rechecks == 1)
    }

    @Test("whoever was not seen for longer than recheck is checked before the next request is answered")
    func unseen() async throws {
        let world = World()
        let token = try await world.login().token
        world.clock.advance(by: .seconds(61))
        world.provider.set(.ended(Refusal(.disabled, detail: "switched off")), for: alice)
        #expect(await world.resolve(token).anonymousReason == .ended(.gone))
        #expect(world.audit.events.last?.detail == "switched off")
    }

    @Test("many requests at once wait for one check")
    func singleFlight() async throws {
        let world = World()
        let token = try await world.login().token
        world.clock.advance(by: .seconds(61))
        world.judge.hold()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { await world.session(token) != nil }
            }
            while world.judge.heldCount == 0 { await Task.yield() }
            world.judge.release()
            for await isAlive in group { #expect(isAlive) }
        }
        #expect(world.provider.rechecks == 1)
        #expect(world.judge.judgements == 2)
    }

    @Test("what the sources show anew reaches memory and store")
    func newFacts() async throws {
        let world = World()
        let token = try await world.login().token
        world.judge.set(.active(groups: ["b", "c"]), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token)?.directoryUser.groups == ["b", "c"])
        #expect(try await world.manager.sessions(.user(alice)).first?.groups == ["b", "c"])
        let later = world.restarted()
        #expect(await later.session(token)?.directoryUser.groups == ["b", "c"])
        #expect(later.provider.rechecks == 1)
    }

    @Test("a lock-out that passes does not end sessions")
    func temporarilyLocked() async throws {
        let world = World()
        let token = try await world.login().token
        world.provider.set(.temporarilyLocked(World.identity("alice")), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token) != nil)
    }

    @Test("a password that was changed since the login ends the sessions")
    func passwordChanged() async throws {
        let world = World()
        let token = try await world.login().token
        world.provider.set(.good(World.identity("alice", passwordVersion: "2")), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token) == nil)
        #expect(world.audit.events.contains { $0.reason == "password_changed" })
    }

    @Test("a replica that still shows the password's version from before the login ends nothing")
    func passwordVersionLags() async throws {
        let world = World()
        world.provider.add(World.identity("alice", passwordVersion: "2"), password: "alice's password")
        let token = try await world.login().token
        world.provider.set(.good(World.identity("alice", passwordVersion: "1")), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token) != nil)
    }

    @Test("an answer that was asked for earlier changes nothing that a newer one has shown")
    func olderAnswer() async throws {
        let world = World()
        let asked = world.clock.now
        world.clock.advance(by: .seconds(1))
        world.judge.set(.active(groups: ["new"]), for: alice)
        let token = try await world.login().token
        let person = try #require(await world.session(token)).live.person
        let keeper = world.manager.keeper
        let old = DirectoryUser(identity: World.identity("alice"), groups: ["old"], isActive: true)
        let left = DirectoryUser(identity: World.identity("alice"), groups: [], isActive: false)
        for answer in [
            PersonSources.Answer.active(old), .inactive(left, reason: "left"), .gone(Refusal(.disabled, detail: "off")),
        ] {
            _ = keeper.settle(person, answer, asked: asked)
            #expect(await world.session(token)?.directoryUser.groups == ["new"])
        }
        // But a clock that was set back does not make answers old for ever.
        world.clock.advance(by: .seconds(-3600))
        _ = keeper.settle(person, .inactive(left, reason: "left"), asked: world.clock.now)
        #expect(await world.session(token) == nil)
    }

    @Test("a failure that came after an answer was asked for stands")
    func newerFailure() {
        let user = DirectoryUser(identity: World.identity("alice"), groups: [], isActive: true)
        let person = LivePerson(PersonFacts(user), verdictAt: 1000)
        person.fail(World.outage, at: 5000)
        _ = person.settle(user, verdictAt: 4999)
        #expect(person.view.failure != nil)
        _ = person.settle(user, verdictAt: 5000)
        #expect(person.view.failure == nil)
    }

    @Test("without run() nobody waits for a background check that does not come")
    func noBackgroundCheck() async throws {
        let world = World()
        let token = try await world.login().token
        _ = await world.session(token)
        world.clock.advance(by: .seconds(61))
        world.judge.set(.inactive(reason: "left", groups: []), for: alice)
        #expect(await world.resolve(token).anonymousReason == .ended(.inactive))
    }

    @Test("a source that stops showing the password's version ends nothing")
    func passwordVersionVanishes() async throws {
        let world = World()
        let token = try await world.login().token
        world.provider.set(.good(World.identity("alice", passwordVersion: nil)), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token) != nil)
    }

    @Test("an id that is now somebody else's ends the sessions")
    func otherPerson() async throws {
        let world = World()
        let token = try await world.login().token
        world.provider.set(.good(World.identity("bob")), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.resolve(token).anonymousReason == .ended(.gone))
    }

    @Test("in an outage sessions live for outage_grace from the last answer, then are suspended, then come back")
    func outage() async throws {
        let world = World { $0.active.outageGrace = .seconds(900) }
        let token = try await world.login().token
        world.provider.set(outage: World.outage)
        for _ in 0..<29 {
            world.clock.advance(by: .seconds(30))
            await world.manager.tick()
            #expect(await world.session(token) != nil)
        }
        world.clock.advance(by: .seconds(31))
        #expect(await world.resolve(token).outage == World.outage)
        await world.manager.tick()
        #expect(await world.resolve(token).outage == World.outage)
        world.provider.set(outage: nil)
        world.clock.advance(by: .seconds(16))
        await world.manager.tick()
        #expect(await world.session(token) != nil)
        let rechecks = world.audit.events.filter { $0.kind == .recheck }
        // The source falls silent, alice is suspended, alice is back, the source is back: once each.
        #expect(rechecks.map(\.outcome) == [.unavailable, .unavailable, .success, .success])
    }

    @Test("during an outage requests do not each wait for the sources")
    func outageIsCheap() async throws {
        let world = World()
        let token = try await world.login().token
        world.provider.set(outage: World.outage)
        world.clock.advance(by: .seconds(61))
        for _ in 0..<20 { #expect(await world.session(token) != nil) }
        #expect(world.provider.rechecks == 1)
    }

    @Test("without the background check requests ask for themselves, and come back by themselves")
    func withoutRun() async throws {
        let world = World { $0.active.outageGrace = .seconds(100) }
        let token = try await world.login().token
        world.provider.set(outage: World.outage)
        world.clock.advance(by: .seconds(200))
        #expect(await world.resolve(token).outage == World.outage)
        world.provider.set(outage: nil)
        world.clock.advance(by: .seconds(20))
        #expect(await world.session(token) != nil)
    }

    @Test("a source that is down is not asked about everybody in one round")
    func sourceSilence() async throws {
        let world = World()
        for number in 0..<200 {
            let identity = World.identity("person\(number)")
            world.provider.add(identity, password: "person\(number)'s password")
            let success = try await world.login("person\(number)")
            _ = await world.session(success.token)
        }
        world.provider.set(outage: World.outage)
        world.clock.advance(by: .seconds(61))
        await world.manager.tick()
        #expect(world.provider.rechecks < 60)
        world.provider.set(outage: nil)
        world.clock.advance(by: .seconds(16))
        let before = world.provider.rechecks
        await world.manager.tick()
        #expect(world.provider.rechecks - before == 200)
    }

    @Test("an inactive person who was let in by force stays until gone")
    func forced() async throws {
        let world = World()
        let user = DirectoryUser(identity: World.identity("alice"), groups: [], isActive: false)
        world.judge.set(.inactive(reason: "left", groups: []), for: alice)
        let result = await world.manager.login(user, force: true, client: World.browser)
        let token = try #require(result.success).token
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token)?.isActive == false)
        world.clock.advance(by: .seconds(61))
        #expect(await world.session(token)?.isActive == false)
        world.provider.set(.ended(Refusal(.unknownUser, detail: "gone")), for: alice)
        world.clock.advance(by: .seconds(61))
        #expect(await world.resolve(token).anonymousReason == .ended(.gone))
    }

    @Test("after a restart a person is checked if the last answer is too old, and grace counts from that answer")
    func restart() async throws {
        let world = World {
            $0.session.idle = .seconds(7200)
            $0.active.outageGrace = .seconds(900)
        }
        let token = try await world.login().token
        world.clock.advance(by: .seconds(600))
        let later = world.restarted()
        later.provider.set(outage: World.outage)
        #expect(await later.session(token) != nil)
        #expect(later.provider.rechecks == 1)
        world.clock.advance(by: .seconds(301))
        #expect(await later.restarted().resolve(token).outage == World.outage)
    }
}
