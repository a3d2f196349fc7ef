import EnterpriseAuthTesting
import HostSystem
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: confirming and giving the password again")
struct RenewalTests {
    @Test("FL-32 with a live session: confirming makes it fresh under a new token, and the old token is dead")
    func confirm() async throws {
        let world = World()
        let old = try await world.login()
        world.clock.advance(by: .seconds(400))
        #expect(await world.session(old.token)?.isFresh == false)
        let renewed = try #require(await world.manager.confirmLogin(old.token, client: World.browser).success)
        #expect(renewed.token != old.token)
        #expect(renewed.session.id == old.session.id)
        #expect(renewed.session.expiresAt == old.session.expiresAt)
        #expect(await world.resolve(old.token).anonymousReason == .unknownToken)
        #expect(await world.session(renewed.token)?.isFresh == true)
        let later = world.restarted()
        #expect(await later.resolve(old.token).anonymousReason == .unknownToken)
        #expect(await later.session(renewed.token)?.isFresh == true)
    }

    @Test("there is nothing to confirm without a live session")
    func confirmNothing() async throws {
        let world = World()
        let token = try await world.login().token
        try await world.manager.logout(token, client: World.browser)
        for dead in [token, SessionToken.random()] {
            guard case .anonymous = await world.manager.confirmLogin(dead, client: World.browser) else {
                Issue.record("a dead token was confirmed")
                return
            }
        }
        #expect(try await world.manager.sessions(.all).isEmpty)
    }

    @Test("after a change of client, giving the password makes the session fresh for the new client")
    func newClient() async throws {
        let world = World()
        let token = try await world.login().token
        let other = SessionClient(address: "192.0.2.7", userAgent: "Other/2.0")
        #expect(await world.session(token, client: other)?.isFresh == false)
        let renewed = try #require(await reauthenticate(world, token, client: other).success)
        #expect(await world.session(renewed.token, client: other)?.isFresh == true)
    }

    @Test("a wrong password leaves the session as it was, and takes the refusal time")
    func wrongPassword() async throws {
        let world = World()
        let token = try await world.login().token
        let result = await reauthenticate(world, token, password: "wrong")
        #expect(result.refusal?.reason == .wrongPassword)
        #expect(world.pauses.all.count == 1)
        #expect(await world.session(token) != nil)
        let event = try #require(world.audit.events.last)
        #expect(event.kind == .reauthentication)
        #expect(event.outcome == .refused)
    }

    @Test("somebody else's right password does not renew a session")
    func otherPerson() async throws {
        let world = World()
        let token = try await world.login("alice").token
        let bob = World.identity("bob")
        // The source now says that alice's name is bob's.
        world.provider.add(World.identity("alice"), password: "x", outcome: .verified(bob, notices: []))
        let result = await reauthenticate(world, token, password: "x")
        #expect(result.refusal?.reason == .notPermitted)
        #expect(await world.session(token)?.userID == World.identity("alice").userID)
    }

    @Test("an inactive person cannot renew, and an outage is no refusal")
    func inactiveAndOutage() async throws {
        let world = World()
        let token = try await world.login().token
        world.provider.set(outage: World.outage)
        guard case .unavailable(World.outage) = await reauthenticate(world, token) else {
            Issue.record("an outage was taken for something else")
            return
        }
        world.provider.set(outage: nil)
        world.judge.set(.inactive(reason: "left", groups: []), for: World.identity("alice").userID)
        #expect(await reauthenticate(world, token).refusal?.reason == .inactive)
    }

    @Test("after a change of password, giving the new one keeps this session and ends the others")
    func passwordChanged() async throws {
        let world = World()
        let mine = try await world.login().token
        let other = try await world.login().token
        world.provider.add(World.identity("alice", passwordVersion: "2"), password: "new password")
        let renewed = try #require(await reauthenticate(world, mine, password: "new password").success)
        #expect(await world.session(renewed.token) != nil)
        #expect(await world.resolve(other).anonymousReason == .unknownToken)
        let later = world.restarted()
        #expect(await later.session(renewed.token) != nil)
        #expect(await later.resolve(other).anonymousReason == .unknownToken)
    }

    @Test("a challenge in between is answered for the same session")
    func challenge() async throws {
        let world = World()
        let token = try await world.login().token
        let identity = World.identity("alice")
        let challenge = Challenge(id: "c1", provider: "corp", messages: [], prompts: [])
        world.provider.add(identity, password: "alice's password", outcome: .challenge(challenge))
        world.provider.set(.verified(identity, notices: []), forChallenge: "c1")
        guard case .challenge(challenge) = await reauthenticate(world, token) else {
            Issue.record("no challenge")
            return
        }
        let response = ChallengeResponse(challengeID: "c1", provider: "corp", answers: [])
        let result = await world.manager.reauthenticate(token, answering: response, client: World.browser)
        #expect(result.success != nil)
        #expect(await world.resolve(token).anonymousReason == .unknownToken)
    }

    @Test("if the store does not take the new token, the old one is as good as before")
    func storeFails() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        store.fail(true)
        guard case .unavailable = await world.manager.confirmLogin(token, client: World.browser) else {
            Issue.record("renewed without a store")
            return
        }
        store.fail(false)
        #expect(await world.session(token) != nil)
        let renewed = try #require(await world.manager.confirmLogin(token, client: World.browser).success)
        #expect(await world.session(renewed.token) != nil)
    }

    @Test("data goes on with the session")
    func data() async throws {
        let world = World()
        let token = try await world.login().token
        let session = try #require(await world.session(token))
        try await world.manager.changeData(of: session) { data throws(SessionDataProblem) in
            try data.set("kept", for: "flash")
        }
        let renewed = try #require(await world.manager.confirmLogin(token, client: World.browser).success)
        #expect(await world.session(renewed.token)?.data["flash"] == "kept")
        // What the request changes that still holds the session as it was before.
        try await world.manager.changeData(of: session) { data throws(SessionDataProblem) in
            try data.set("later", for: "flash")
        }
        #expect(await world.session(renewed.token)?.data["flash"] == "later")
    }

    private func reauthenticate(
        _ world: World,
        _ token: SessionToken,
        password: String = "alice's password",
        client: SessionClient = World.browser
    ) async -> RenewalResult {
        await world.manager.reauthenticate(token, password: SecretBytes(Array(password.utf8)), client: client)
    }
}
