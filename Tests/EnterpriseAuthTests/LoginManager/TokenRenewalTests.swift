import EnterpriseAuthTesting
import HostSystem
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: a token is replaced at its time")
struct TokenRenewalTests {
    /// `[session] renew_after`, and the time that an earlier token outlives it.
    private static let interval = Duration.seconds(15 * 60)
    private static let overlap = Duration.seconds(30)

    private let world = World()

    private func renew(_ token: SessionToken, client: SessionClient = World.browser) async throws -> SessionToken? {
        let session = try #require(await world.session(token, client: client))
        return await world.manager.renewToken(token, of: session)
    }

    @Test("not before, and then by another for the same session, whose limits and freshness stay (SM-18)")
    func atItsTime() async throws {
        let old = try await world.login()
        world.clock.advance(by: Self.interval - .seconds(1))
        #expect(try await renew(old.token) == nil)
        world.clock.advance(by: .seconds(1))
        let new = try #require(try await renew(old.token))
        #expect(new != old.token)
        let session = try #require(await world.session(new))
        #expect(session.id == old.session.id && session.expiresAt == old.session.expiresAt)
        #expect(session.authenticatedAt == old.session.authenticatedAt && !session.isFresh)
        #expect(try await world.manager.sessions(.all).count == 1)
        #expect(try await renew(new) == nil)
    }

    @Test("the old one is good until the new one comes, and 30 seconds longer, and then for nobody")
    func overlap() async throws {
        let old = try await world.login().token
        world.clock.advance(by: Self.interval)
        let new = try #require(try await renew(old))
        world.clock.advance(by: .seconds(300))
        #expect(await world.session(old) != nil)
        #expect(await world.session(new) != nil)
        world.clock.advance(by: Self.overlap - .seconds(1))
        #expect(await world.session(old) != nil)
        #expect(await world.session(new) != nil)
        world.clock.advance(by: .seconds(1))
        for _ in 0..<2 { #expect(await world.resolve(old).anonymousReason == .unknownToken) }
        #expect(await world.session(new) != nil)
        try await world.manager.logout(new, client: World.browser)
        #expect(await world.session(old) == nil)
    }

    @Test("an answer that gets lost logs nobody out: the next time the lost token is dead, and the old one goes on")
    func lost() async throws {
        let old = try await world.login().token
        var lost: [SessionToken] = []
        for _ in 0..<5 {
            world.clock.advance(by: Self.interval)
            lost.append(try #require(try await renew(old)))
            #expect(await world.session(old) != nil)
        }
        for token in lost.dropLast() { #expect(await world.session(token) == nil) }
        #expect(await world.session(lost[4]) != nil)
        world.clock.advance(by: Self.overlap)
        #expect(await world.session(old) == nil)
    }

    @Test("one of many requests at once gets it, and all are answered")
    func concurrently() async throws {
        let world = world
        var token = try await world.login().token
        for _ in 0..<20 {
            world.clock.advance(by: Self.interval)
            let before = token
            let found = try await withThrowingTaskGroup(of: SessionToken?.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<20 { #expect(await world.session(before) != nil) }
                        let session = try #require(await world.session(before))
                        return await world.manager.renewToken(before, of: session)
                    }
                }
                return try await group.reduce(into: []) { found, token in found += [token].compactMap { $0 } }
            }
            #expect(found.count == 1)
            token = try #require(found.first)
            #expect(await world.session(token) != nil)
            world.clock.advance(by: Self.overlap)
            #expect(await world.session(before) == nil)
        }
    }

    @Test("a session that a request still holds as it was can be used, and made fresh")
    func held() async throws {
        let old = try await world.login().token
        world.clock.advance(by: Self.interval)
        let held = try #require(await world.session(old))
        let new = try #require(try await renew(old))
        #expect(await world.manager.recheck(held, client: World.browser).session?.id == held.id)
        try await world.manager.changeData(of: held) { data throws(SessionDataProblem) in
            try data.set("value", for: "key")
        }
        #expect(await world.session(new)?.data["key"] == "value")
        let child = try await world.manager.openChild(of: held, for: "wiki.example.org", client: World.browser)
        #expect(child != nil)
        let password = SecretBytes("alice's password".utf8)
        let fresh = await world.manager.reauthenticate(old, password: password, client: World.browser).success
        // That kills the tokens before at once.
        for dead in [old, new] { #expect(await world.session(dead) == nil) }
        #expect(await world.session(try #require(fresh).token)?.isFresh == true)
    }

    @Test("after a restart the new one is good, and the old one is not")
    func restart() async throws {
        let old = try await world.login().token
        world.clock.advance(by: Self.interval)
        let new = try #require(try await renew(old))
        let later = world.restarted()
        #expect(await later.session(old) == nil)
        #expect(await later.session(new) != nil)
    }

    @Test("both end with the session", arguments: [false, true])
    func end(withOld: Bool) async throws {
        let old = try await world.login().token
        world.clock.advance(by: Self.interval)
        let new = try #require(try await renew(old))
        try await world.manager.logout(withOld ? old : new, client: World.browser)
        for token in [old, new] { #expect(await world.session(token) == nil) }
        #expect(try await world.store?.sessions(.all).isEmpty == true)
    }

    @Test("where the store does not take it, the old one goes on, and the next request tries again")
    func failingStore() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let old = try await world.login().token
        world.clock.advance(by: Self.interval)
        store.fail(true)
        var session = try #require(await world.session(old))
        #expect(await world.manager.renewToken(old, of: session) == nil)
        session = try #require(await world.session(old))
        store.fail(false)
        let new = try #require(await world.manager.renewToken(old, of: session))
        #expect(await world.session(new) != nil)
        #expect(await world.restarted().session(new) != nil)
    }

    @Test("what was noted of another client stays noted")
    func clientChange() async throws {
        let old = try await world.login().token
        world.clock.advance(by: Self.interval)
        let stranger = SessionClient(address: "198.51.100.1", userAgent: "Other/2.0")
        let new = try #require(try await renew(old, client: stranger))
        #expect(await world.session(new)?.session.flags.contains(.clientChanged) == true)
        #expect(await world.restarted().session(new)?.session.flags.contains(.clientChanged) == true)
    }

    @Test("never if the configuration says so, or if no browser has it")
    func never() async throws {
        let never = World { $0.session.renewAfter = .zero }
        let token = try await never.login().token
        never.clock.advance(by: .seconds(29 * 60))
        #expect(await never.session(token)?.isTokenOld == false)
        let shell = SessionClient(kind: .local)
        let login = try await world.login(client: shell)
        world.clock.advance(by: Self.interval)
        #expect(await world.session(login.token, client: shell)?.isTokenOld == false)
    }

    @Test("only by one of its own")
    func foreign() async throws {
        let old = try await world.login().token
        let other = try await world.login("bob").token
        world.clock.advance(by: Self.interval)
        let session = try #require(await world.session(old))
        #expect(await world.manager.renewToken(other, of: session) == nil)
        #expect(await world.manager.renewToken(SessionToken.random(), of: session) == nil)
    }
}
