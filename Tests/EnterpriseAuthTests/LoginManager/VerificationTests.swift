import EnterpriseAuthTesting
import HostSystem
import Testing

@testable import EnterpriseAuth

@Suite("A password that comes with a request")
struct VerificationTests {
    private func verify(_ world: World, _ name: String, _ password: String? = nil) async throws -> VerificationResult {
        await world.manager.verify(try World.credentials(name, password), client: World.browser)
    }

    @Test("names the person and begins no session")
    func verified() async throws {
        let world = World()
        guard case .verified(let user) = try await verify(world, "alice") else {
            Issue.record("alice's password is right")
            return
        }
        #expect(user.loginName == "alice")
        #expect(try await world.manager.sessions(.all).isEmpty)
        #expect(world.audit.events.map(\.kind) == [.verification])
        #expect(world.audit.events.first?.outcome == .success)
    }

    @Test("is refused in the time of all refusals, whether it is wrong or the person is not active")
    func refused() async throws {
        let world = World()
        guard case .refused(let wrong) = try await verify(world, "alice", "no") else {
            Issue.record("the password is wrong")
            return
        }
        #expect(wrong.reason == .wrongPassword)
        world.judge.set(.inactive(reason: "left", groups: []), for: World.identity("alice").userID)
        guard case .refused(let inactive) = try await verify(world, "alice") else {
            Issue.record("alice is not active")
            return
        }
        #expect(inactive.reason == .inactive)
        #expect(world.pauses.all.count == 2)
    }

    @Test("is no yes while there is something left to answer or to change")
    func unfinished() async throws {
        let world = World()
        let challenge = Challenge(id: "c", provider: "corp", messages: [], prompts: [])
        let carol = World.identity("carol")
        world.provider.add(carol, password: "carol's password", outcome: .challenge(challenge))
        let dave = World.identity("dave")
        let change = CredentialOutcome.passwordChangeRequired(dave, .expired)
        world.provider.add(dave, password: "dave's password", outcome: change)
        for name in ["carol", "dave"] {
            guard case .refused(let refusal) = try await verify(world, name) else {
                Issue.record("\(name) has more to do")
                continue
            }
            #expect(refusal.reason == .notPermitted)
        }
        #expect(world.pauses.all.count == 2)
    }

    @Test("is a guess like any other: the throttle counts it, and then asks nobody, not even with the right password")
    func throttled() async throws {
        let world = World()
        for number in 1...3 { _ = try await verify(world, "alice", "wrong \(number)") }
        guard case .refused(let refusal) = try await verify(world, "alice") else {
            Issue.record("the throttle does not hold")
            return
        }
        #expect(refusal.reason == .throttled)
        #expect(world.provider.verifications == 3)
        let login = await world.manager.login(try World.credentials("alice"), client: World.browser)
        #expect(login.refusal?.reason == .throttled)
    }

    @Test("is neither right nor wrong while nobody answers")
    func outage() async throws {
        let world = World()
        world.provider.set(outage: World.outage)
        guard case .unavailable(let outage) = try await verify(world, "alice") else {
            Issue.record("nobody answers")
            return
        }
        #expect(outage == World.outage)
    }
}
