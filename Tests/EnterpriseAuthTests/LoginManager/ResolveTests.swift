import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: resolving, limits, protection")
struct ResolveTests {
    @Test("text that cannot be a token is nobody's, and no store is asked")
    func malformed() async throws {
        let store = FailingStore()
        let world = World(store: store)
        #expect(await world.manager.resolve(text: nil, client: World.browser).anonymousReason == .noToken)
        for text in ["", "x", String(repeating: "A", count: 42), String(repeating: "=", count: 43)] {
            let resolution = await world.manager.resolve(text: text, client: World.browser)
            #expect(resolution.anonymousReason == .malformedToken)
        }
        #expect(store.reads == 0)
        let success = try await world.login()
        let resolution = await world.manager.resolve(text: success.token.text, client: World.browser)
        #expect(resolution.session?.id == success.session.id)
    }

    @Test("an unknown token is looked up once, then known to be unknown")
    func unknown() async {
        let store = FailingStore()
        let world = World(store: store)
        let token = SessionToken.random()
        for _ in 0..<3 { #expect(await world.resolve(token).anonymousReason == .unknownToken) }
        #expect(store.reads == 1)
        #expect(world.audit.events.map(\.kind) == [.unknownToken])
        #expect(world.audit.events.first?.tokenHash == token.hash)
    }

    @Test("a live session is resolved without asking store, provider or judge")
    func hotPath() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        let reads = store.reads
        let batches = store.batches.count
        for _ in 0..<100 { #expect(await world.session(token) != nil) }
        #expect(store.reads == reads)
        #expect(store.batches.count == batches)
        #expect(world.judge.judgements == 1)
        #expect(world.provider.rechecks == 0)
    }

    @Test("a session ends when it was not used for the idle limit, and use postpones that")
    func idle() async throws {
        let world = World { $0.session.idle = .seconds(600) }
        let token = try await world.login().token
        for _ in 0..<3 {
            world.clock.advance(by: .seconds(599))
            #expect(await world.session(token) != nil)
        }
        world.clock.advance(by: .seconds(600))
        #expect(await world.resolve(token).anonymousReason == .ended(.idle))
        #expect(await world.resolve(token).anonymousReason == .unknownToken)
        #expect(world.audit.events.contains { $0.kind == .sessionEnd && $0.reason == "idle" })
    }

    @Test("a session ends at its absolute limit however much it is used")
    func lifetime() async throws {
        let world = World {
            $0.session.lifetime = .seconds(1000)
            $0.session.idle = .seconds(600)
        }
        let token = try await world.login().token
        world.clock.advance(by: .seconds(500))
        #expect(await world.session(token) != nil)
        world.clock.advance(by: .milliseconds(499_999))
        #expect(await world.session(token) != nil)
        world.clock.advance(by: .milliseconds(1))
        #expect(await world.resolve(token).anonymousReason == .ended(.lifetime))
    }

    @Test("freshness is the time since the password was given")
    func freshness() async throws {
        let world = World { $0.session.freshFor = .seconds(300) }
        let token = try await world.login().token
        world.clock.advance(by: .seconds(299))
        let session = try #require(await world.session(token))
        #expect(session.isFresh)
        #expect(!session.isFresh(within: .seconds(299)))
        #expect(session.isFresh(within: .seconds(300)))
        world.clock.advance(by: .seconds(1))
        #expect(await world.session(token)?.isFresh == false)
    }

    @Test("sessions survive a restart of the process, with what was known of them")
    func restart() async throws {
        let world = World()
        let success = try await world.login()
        let later = world.restarted()
        let session = try #require(await later.session(success.token))
        #expect(session.session == success.session)
        #expect(session.isFresh)
        #expect(await later.resolve(SessionToken.random()).anonymousReason == .unknownToken)
    }

    @Test("a store that cannot be read makes a token unavailable, not unknown")
    func storeFails() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        let later = World(store: store, clock: world.clock, provider: world.provider, judge: world.judge)
        store.fail(true)
        #expect(await later.resolve(token).outage?.source == "session store")
        store.fail(false)
        #expect(await later.session(token) != nil)
    }

    @Test(
        "FL-46, FL-47: another client: none ignores it, basic makes it not fresh, strong ends it",
        arguments: SessionConfiguration.Protection.allCases
    )
    func protection(_ protection: SessionConfiguration.Protection) async throws {
        let world = World { $0.session.protection = protection }
        let token = try await world.login().token
        let other = SessionClient(address: "192.0.2.7", userAgent: "Other/2.0")
        let resolution = await world.resolve(token, client: other)
        switch protection {
        case .none: #expect(resolution.session?.isFresh == true)
        case .basic:
            #expect(resolution.session?.isFresh == false)
            #expect(await world.session(token)?.isFresh == false)
            _ = await world.resolve(token, client: other)
            #expect(world.audit.events.filter { $0.kind == .clientChange }.count == 1)
            #expect(await world.restarted().session(token)?.isFresh == false)
        case .strong:
            #expect(resolution.anonymousReason == .ended(.clientChanged))
            #expect(await world.resolve(token).anonymousReason == .unknownToken)
            #expect(await world.restarted().resolve(token).anonymousReason == .unknownToken)
        }
    }

    @Test(
        "strong looks at the whole IPv4 address and at the network of an IPv6 address",
        arguments: [
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.7", "::ffff:192.0.2.7", true), ("::ffff:192.0.2.7", "::ffff:192.0.2.8", false),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("2001:db8:1:2::1", "192.0.2.7", false), ("192.0.2.7", nil, false), (nil, nil, true),
        ] as [(String?, String?, Bool)]
    )
    func addresses(_ before: String?, _ after: String?, _ isSame: Bool) async throws {
        let world = World { $0.session.protection = .strong }
        let token = try await world.login(client: SessionClient(address: before, userAgent: "B")).token
        let session = await world.session(token, client: SessionClient(address: after, userAgent: "B"))
        #expect((session != nil) == isSame)
    }

    @Test("basic does not look at the address")
    func basicAddress() async throws {
        let world = World()
        let token = try await world.login(client: SessionClient(address: "192.0.2.7", userAgent: "B")).token
        let session = await world.session(token, client: SessionClient(address: "198.51.100.9", userAgent: "B"))
        #expect(session?.isFresh == true)
    }

    @Test("the command line is exempt, but its token is of no use to a browser")
    func local() async throws {
        let world = World { $0.session.protection = .strong }
        let token = try await world.login(client: .local).token
        #expect(await world.session(token, client: .local)?.isFresh == true)
        #expect(await world.resolve(token).anonymousReason == .ended(.clientChanged))
    }

    @Test("data stays with the session, is written once, and not when nothing changed")
    func data() async throws {
        let store = FailingStore()
        let world = World(store: store)
        let token = try await world.login().token
        let session = try #require(await world.session(token))
        let before = store.batches.count
        try await world.manager.changeData(of: session) { data throws(SessionDataProblem) in
            try data.set("/wiki", for: "next")
        }
        #expect(store.batches.count == before + 1)
        try await world.manager.changeData(of: session) { data throws(SessionDataProblem) in
            try data.set("/wiki", for: "next")
        }
        #expect(store.batches.count == before + 1)
        #expect(await world.session(token)?.data["next"] == "/wiki")
        #expect(await world.restarted().session(token)?.data["next"] == "/wiki")
        await #expect(throws: SessionDataProblem.tooLarge) {
            try await world.manager.changeData(of: session) { data throws(SessionDataProblem) in
                try data.set(String(repeating: "x", count: 4096), for: "n")
            }
        }
        #expect(await world.session(token)?.data["n"] == nil)
    }

    @Test("FL-06, FL-07: a custom loader runs lazily and once; nil means gone and ends the person's sessions")
    func userLoader() async throws {
        struct AppUser: User {
            var id: UserID?
            var isActive = true
        }
        let calls = Counter()
        let world = World(userLoader: { id in
            switch calls.next() {
            case 1: return AppUser(id: id)
            case 2: throw ConformanceFailure("the database is down")
            default: return nil
            }
        })
        let token = try await world.login().token
        let first = try #require(await world.session(token))
        #expect(calls.count == 0)
        for _ in 0..<2 {
            guard case .user(let user) = await first.user() else {
                Issue.record("no user")
                return
            }
            #expect(user.id == World.identity("alice").userID)
        }
        #expect(calls.count == 1)
        let second = try #require(await world.session(token))
        guard case .unavailable(let outage) = await second.user() else {
            Issue.record("a loader that fails is an outage")
            return
        }
        #expect(outage.source == "user loader")
        let third = try #require(await world.session(token))
        guard case .gone = await third.user() else {
            Issue.record("nil is gone")
            return
        }
        #expect(await world.resolve(token).anonymousReason == .unknownToken)
    }

    @Test("the default loader gives the person as the sources show them")
    func defaultLoader() async throws {
        let world = World()
        world.judge.set(.active(groups: ["staff"]), for: World.identity("alice").userID)
        let token = try await world.login().token
        let session = try #require(await world.session(token))
        guard case .user(let user) = await session.user() else {
            Issue.record("no user")
            return
        }
        #expect((user as? DirectoryUser)?.groups == ["staff"])
    }
}
