import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: many tasks at once")
struct ConcurrencyTests {
    @Test("the limit of sessions holds when many logins of one person come together", arguments: [true, false])
    func limit(hasStore: Bool) async throws {
        let world = World(store: hasStore ? MemorySessionStore() : nil) { $0.session.maxPerUser = 5 }
        let tokens = try await withThrowingTaskGroup(of: SessionToken.self) { group in
            for _ in 0..<100 { group.addTask { try await world.login().token } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        var alive = 0
        for token in tokens where await world.session(token) != nil { alive += 1 }
        #expect(alive == 5)
        #expect(try await world.manager.sessions(.all).count == 5)
        #expect(world.audit.events.filter { $0.reason == "limit" }.count == 95)
    }

    @Test("of many renewals of one session at once exactly one wins, and exactly one token is alive")
    func renewal() async throws {
        let world = World()
        let token = try await world.login().token
        let renewed = await withTaskGroup(of: SessionToken?.self) { group in
            for _ in 0..<50 {
                group.addTask { await world.manager.confirmLogin(token, client: World.browser).success?.token }
            }
            return await group.reduce(into: [SessionToken]()) { tokens, token in
                if let token { tokens.append(token) }
            }
        }
        #expect(renewed.count == 1)
        #expect(await world.session(token) == nil)
        for token in renewed { #expect(await world.session(token) != nil) }
        #expect(try await world.manager.sessions(.all).count == 1)
    }

    @Test("a session that was logged out is never seen again, however many requests come meanwhile")
    func logoutAgainstResolve() async throws {
        let world = World()
        for _ in 0..<30 {
            let token = try await world.login().token
            let later = world.restarted()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = await later.session(token) } }
                group.addTask {
                    _ = try? await later.manager.logout(token, client: World.browser)
                    let resolution = await later.resolve(token)
                    #expect(resolution.session == nil, "a session that has ended was resolved")
                }
            }
            #expect(await later.resolve(token).session == nil)
            #expect(await later.restarted().resolve(token).session == nil)
        }
    }

    @Test("logins and ends of one person's sessions at once leave memory and store in one mind")
    func loginAgainstEnd() async throws {
        let world = World()
        let userID = World.identity("alice").userID
        let tokens = try await withThrowingTaskGroup(of: SessionToken?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    if number % 4 == 0 {
                        try await world.manager.logoutAll(userID, client: World.browser)
                        return nil
                    }
                    return try await world.login().token
                }
            }
            return try await group.reduce(into: [SessionToken]()) { tokens, token in
                if let token { tokens.append(token) }
            }
        }
        let later = world.restarted()
        for token in tokens {
            let here = await world.session(token)?.id
            let there = await later.session(token)?.id
            #expect(here == there)
        }
        try await world.manager.logoutAll(userID, client: World.browser)
        for token in tokens { #expect(await world.session(token) == nil) }
    }

    @Test("ending everybody's sessions while people log in leaves memory and store in one mind")
    func endAll() async throws {
        let world = World()
        let tokens = try await withThrowingTaskGroup(of: SessionToken?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    if number % 20 == 0 {
                        try await world.manager.end(.all, client: .local)
                        return nil
                    }
                    return try await world.login(number % 2 == 0 ? "alice" : "bob").token
                }
            }
            return try await group.reduce(into: [SessionToken]()) { tokens, token in
                if let token { tokens.append(token) }
            }
        }
        let later = world.restarted()
        for token in tokens {
            #expect(await world.session(token)?.id == (await later.session(token)?.id))
        }
    }

    @Test("data of one session changed by many tasks loses nothing")
    func data() async throws {
        let world = World()
        let token = try await world.login().token
        let session = try #require(await world.session(token))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await world.manager.changeData(of: session) { data throws(SessionDataProblem) in
                        try data.set("x", for: "key\(number)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(await world.session(token)?.data.values.count == 50)
        #expect(await world.restarted().session(token)?.data.values.count == 50)
    }
}
