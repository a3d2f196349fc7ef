import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: logging in")
struct LoginTests {
    @Test("a right password of an active person gives a session with a fresh, unknown token")
    func success() async throws {
        let world = World()
        let first = try await world.login()
        let session = try #require(await world.session(first.token))
        #expect(session.userID == World.identity("alice").userID)
        #expect(session.isFresh)
        #expect(session.isActive)
        #expect(first.session.id == session.id)
        let second = try await world.login()
        #expect(second.token != first.token)
        #expect(second.session.id != first.session.id)
    }

    @Test("a wrong password, an unknown name and an inactive person are refused alike, at the refusal time")
    func refusals() async throws {
        let world = World { $0.login.refusalTime = .milliseconds(500) }
        world.judge.set(.inactive(reason: "not in staff", groups: []), for: World.identity("bob").userID)
        let attempts: [(Credentials, Refusal.Reason)] = [
            (try World.credentials("alice", "wrong"), .wrongPassword),
            (try World.credentials("nobody", "any"), .unknownUser),
            (try World.credentials("bob"), .inactive),
        ]
        for (index, (credentials, reason)) in attempts.enumerated() {
            let start = ContinuousClock.now
            let result = await world.manager.login(credentials, client: World.browser)
            #expect(result.refusal?.reason == reason)
            let pause = try #require(world.pauses.all.dropFirst(index).first)
            #expect(pause >= start + .milliseconds(500))
            #expect(pause <= ContinuousClock.now + .milliseconds(500))
        }
        let events = world.audit.events
        #expect(events.map(\.reason) == ["wrong_password", "unknown_user", "inactive"])
        #expect(events.allSatisfy { $0.kind == .login && $0.outcome == .refused })
    }

    @Test("what may not be shown to a provider is refused at the refusal time, and no provider is asked")
    func malformed() async {
        let world = World()
        let result = await world.manager.refuse(.emptyPassword, client: World.browser)
        #expect(result.refusal?.reason == .malformed)
        #expect(world.provider.verifications == 0)
        #expect(world.pauses.all.count == 1)
    }

    @Test("an outage is answered at once, and is neither a refusal nor a session")
    func outage() async throws {
        let world = World()
        world.provider.set(outage: World.outage)
        let credentials = try World.credentials("alice")
        let byProvider = await world.manager.login(credentials, client: World.browser)
        #expect(byProvider.outage == World.outage)
        world.provider.set(outage: nil)
        world.judge.set(outage: World.outage)
        let byJudge = await world.manager.login(credentials, client: World.browser)
        #expect(byJudge.outage == World.outage)
        #expect(world.pauses.all.isEmpty)
        #expect(world.audit.events.map(\.outcome) == [.unavailable, .unavailable])
        #expect(try await world.manager.sessions(.all).isEmpty)
    }

    @Test("that the password must be changed is told to active people only")
    func passwordChange() async throws {
        let world = World()
        for name in ["alice", "bob"] {
            let identity = World.identity(name)
            world.provider.add(
                identity,
                password: "\(name)'s password",
                outcome: .passwordChangeRequired(identity, .expired)
            )
        }
        world.judge.set(.inactive(reason: "suspended", groups: []), for: World.identity("bob").userID)
        let alice = await world.manager.login(try World.credentials("alice"), client: World.browser)
        guard case .passwordChangeRequired(let identity, .expired) = alice else {
            Issue.record("alice got \(alice)")
            return
        }
        #expect(identity == World.identity("alice"))
        let bob = await world.manager.login(try World.credentials("bob"), client: World.browser)
        #expect(bob.refusal?.reason == .inactive)
        #expect(try await world.manager.sessions(.all).isEmpty)
    }

    @Test("a challenge is passed on, and its right answer is judged like a password")
    func challenge() async throws {
        let world = World()
        let challenge = Challenge(id: "c1", provider: "corp", messages: [], prompts: [])
        let identity = World.identity("alice")
        world.provider.add(identity, password: "alice's password", outcome: .challenge(challenge))
        world.provider.set(.verified(identity, notices: [.graceLogins(remaining: 2)]), forChallenge: "c1")
        let first = await world.manager.login(try World.credentials("alice"), client: World.browser)
        guard case .challenge(challenge) = first else {
            Issue.record("got \(first)")
            return
        }
        #expect(try await world.manager.sessions(.all).isEmpty)
        let response = ChallengeResponse(challengeID: "c1", provider: "corp", answers: [])
        let second = await world.manager.answer(response, client: World.browser)
        #expect(second.success?.notices == [.graceLogins(remaining: 2)])
        let third = await world.manager.answer(response, client: World.browser)
        #expect(third.refusal?.reason == .notPermitted)
    }

    @Test("FL-15, FL-16: login(user) refuses an inactive user unless forced, and an anonymous one always")
    func loginUser() async throws {
        struct Plain: User {
            var id: UserID? = UserID(rawValue: "app:7")
            var isActive = true
        }
        let world = World()
        let refused = await world.manager.login(Plain(isActive: false), client: World.browser)
        #expect(refused.refusal?.reason == .inactive)
        let anonymous = await world.manager.login(AnonymousUser(), force: true, client: World.browser)
        #expect(anonymous.refusal?.reason == .notPermitted)
        let nameless = await world.manager.login(Plain(id: nil), client: World.browser)
        #expect(nameless.refusal?.reason == .notPermitted)
        let forced = await world.manager.login(Plain(isActive: false), force: true, client: World.browser)
        let success = try #require(forced.success)
        let session = try #require(await world.session(success.token))
        #expect(!session.isActive)
        #expect(session.userID == UserID(rawValue: "app:7"))
        let active = await world.manager.login(Plain(), fresh: false, client: World.browser)
        let token = try #require(active.success).token
        #expect(await world.session(token)?.isFresh == false)
        #expect(await world.session(token)?.isActive == true)
        #expect(world.judge.judgements == 0)
    }

    @Test("a login in the place of a session ends that session at once, whosever it was")
    func replacing() async throws {
        let world = World()
        let alice = try await world.login("alice")
        let bob = try await world.login("bob", replacing: alice.token)
        #expect(await world.resolve(alice.token).anonymousReason == .unknownToken)
        #expect(await world.session(bob.token)?.userID == World.identity("bob").userID)
        let end = try #require(world.audit.events.last { $0.kind == .sessionEnd })
        #expect(end.reason == "replaced")
        #expect(end.sessionID == alice.session.id)
    }

    @Test("an unknown token that comes with a login is never adopted")
    func fixation() async throws {
        let world = World()
        let planted = SessionToken.random()
        let success = try await world.login(replacing: planted)
        #expect(success.token != planted)
        #expect(await world.resolve(planted).anonymousReason == .unknownToken)
    }

    @Test("with too many sessions of a person the oldest ends")
    func limit() async throws {
        let world = World { $0.session.maxPerUser = 3 }
        var tokens: [SessionToken] = []
        for _ in 0..<5 {
            tokens.append(try await world.login().token)
            world.clock.advance(by: .seconds(1))
        }
        let bob = try await world.login("bob")
        var alive: [Bool] = []
        for token in tokens { alive.append(await world.session(token) != nil) }
        #expect(alive == [false, false, true, true, true])
        #expect(await world.session(bob.token) != nil)
        #expect(world.audit.events.filter { $0.reason == "limit" }.count == 2)
    }

    @Test("the limit counts sessions that nobody has used since the restart")
    func limitAfterRestart() async throws {
        let world = World { $0.session.maxPerUser = 2 }
        let first = try await world.login()
        world.clock.advance(by: .seconds(1))
        let second = try await world.login()
        world.clock.advance(by: .seconds(1))
        let later = world.restarted()
        let third = try await later.login()
        #expect(await later.resolve(first.token).anonymousReason == .unknownToken)
        #expect(await later.session(second.token) != nil)
        #expect(await later.session(third.token) != nil)
    }

    @Test("a login after a change of password ends the sessions with the old one")
    func passwordChanged() async throws {
        let world = World()
        let old = try await world.login()
        world.provider.add(World.identity("alice", passwordVersion: "2"), password: "alice's password")
        let new = try await world.login()
        #expect(await world.resolve(old.token).anonymousReason == .unknownToken)
        #expect(await world.session(new.token) != nil)
        #expect(world.audit.events.contains { $0.reason == "password_changed" && $0.sessionID == old.session.id })
    }

    @Test("a store that takes nothing makes the login unavailable, and leaves no session")
    func storeFails() async throws {
        let store = FailingStore()
        let world = World(store: store)
        store.fail(true)
        let result = await world.manager.login(try World.credentials("alice"), client: World.browser)
        #expect(result.outage?.source == "session store")
        store.fail(false)
        #expect(try await world.manager.sessions(.all).isEmpty)
        try await world.login()
        #expect(try await world.manager.sessions(.all).count == 1)
    }

    @Test("a store that does not answer makes the login unavailable at the deadline", .timeLimit(.minutes(5)))
    func storeHangs() async throws {
        let store = FailingStore()
        let world = World(store: store) { $0.login.deadline = .milliseconds(100) }
        store.hold()
        // Nothing but the deadline ends this wait.
        let result = await world.manager.login(try World.credentials("alice"), client: World.browser)
        #expect(result.outage?.source == "session store")
        store.release()
        // The insert arrives late, and its session has ended by then.
        #expect(try await world.manager.sessions(.all).isEmpty)
    }

    @Test("no event tells a password or a token")
    func noSecrets() async throws {
        let world = World()
        let success = try await world.login()
        _ = await world.manager.login(try World.credentials("alice", "guess-4711"), client: World.browser)
        _ = await world.resolve(SessionToken.random())
        try await world.manager.logout(success.token, client: World.browser)
        let everything = world.audit.events.map { "\($0)" }.joined()
        #expect(!everything.contains("alice's password"))
        #expect(!everything.contains("guess-4711"))
        #expect(!everything.contains(success.token.text))
        #expect(!"\(success)".contains(success.token.text))
    }
}
