import HostSystem
import Synchronization
import TestBed
import Testing

@testable import LDAPClient

@Suite(.serialized) struct LDAPPoolTests {
    /// A clock that the test sets.
    final class ManualClock: Sendable {
        private let instant = Mutex(ContinuousClock.now)

        func advance(by duration: Duration) {
            instant.withLock { $0 += duration }
        }

        var now: ContinuousClock.Instant { instant.withLock { $0 } }
    }

    private static let secret = SecretBytes("secret".utf8)
    private static let rootDSE = LDAPSearchRequest(base: "", scope: .base, attributes: ["1.1"])

    private func service(
        _ configuration: LDAPConnectionConfiguration,
        limit: Int = 2,
        identity: LDAPServiceIdentity = .anonymous,
        clock: ManualClock = ManualClock()
    ) -> LDAPServicePool {
        LDAPServicePool(configuration: .init(connection: configuration, limit: limit), identity: identity) { clock.now }
    }

    private func binds(
        _ configuration: LDAPConnectionConfiguration,
        limit: Int = 2,
        clock: ManualClock = ManualClock()
    ) -> LDAPBindPool {
        LDAPBindPool(configuration: .init(connection: configuration, limit: limit)) { clock.now }
    }

    // MARK: Service connections

    @Test("Many searches share few connections, which close with the pool", arguments: Way.allCases)
    func sharing(way: Way) async throws {
        let server = try await SlapdServer.start()
        let identity = LDAPServiceIdentity.simple(
            name: server.readerDN,
            password: SecretBytes(server.readerPassword.utf8)
        )
        let pool = service(try way.configuration(server), limit: 3, identity: identity)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    let request = LDAPSearchRequest(
                        base: server.peopleDN,
                        scope: .subtree,
                        filter: .equal("uid", "bob")
                    )
                    let result = try await pool.search(request, deadline: .soon)
                    #expect(result.entries.first?.single("uid") == "bob")
                }
            }
            try await group.waitForAll()
        }
        #expect((1...3).contains(pool.connectionCount))
        await pool.close()
        // One that was being opened is closed as soon as it is there.
        #expect(await ProcessCensus.wait { pool.connectionCount == 0 })
        let port = way == .ldaps ? server.tlsPort : server.port
        #expect(await ProcessCensus.wait { ProcessCensus.connections(to: port) == 0 })
        let error = await #expect(throws: LDAPError.self) { try await pool.search(Self.rootDSE, deadline: .soon) }
        #expect(error?.reason == .closed)
        await server.stop()
    }

    @Test("Everybody who comes first waits for one opening")
    func singleFlight() async throws {
        let server = try MuteServer.answering(code: 0)
        let pool = service(try server.configuration(), limit: 8)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { _ = try await pool.search(Self.rootDSE, deadline: .soon) }
            }
            try await group.waitForAll()
        }
        #expect(server.accepted == 1)
        await pool.close()
    }

    @Test("A refused service account is told as such, with the server's code")
    func serviceRefused() async throws {
        let server = try await SlapdServer.shared()
        let identity = LDAPServiceIdentity.simple(name: server.readerDN, password: Self.secret)
        let pool = service(try Way.plain.configuration(server), identity: identity)
        let error = await #expect(throws: LDAPError.self) { try await pool.search(Self.rootDSE, deadline: .soon) }
        #expect(error?.reason == .serviceBindRefused && error?.code == .invalidCredentials && error?.step == .bind)
        #expect(error?.isOutage == false && pool.connectionCount == 0)
    }

    @Test("Over the local socket the pool binds as this process")
    func external() async throws {
        let server = try await SlapdServer.shared()
        let pool = service(try Way.ldapi.configuration(server), identity: .external)
        let who = try await pool.withConnection(deadline: .soon) { connection throws(LDAPError) in
            try await connection.whoAmI(deadline: .soon)
        }
        #expect(who == "dn:\(server.readerDN)")
        await pool.close()
    }

    @Test("A search whose connection breaks is repeated once, not twice", arguments: [1, 2])
    func searchRepeated(breaks: Int) async throws {
        let server = try MuteServer { $0.connection <= breaks ? .close : .result(code: 0) }
        let pool = service(try server.configuration())
        let failure = await Failure(within: .seconds(20)) { deadline throws(LDAPError) in
            _ = try await pool.search(Self.rootDSE, deadline: deadline)
        }
        #expect(failure.error?.reason == (breaks == 1 ? nil : .connectionLost))
        #expect(server.accepted == 2)
        await pool.close()
    }

    @Test("After the server was away the pool works again")
    func restarted() async throws {
        let server = try await SlapdServer.start()
        let (searches, binds) = (
            service(try Way.plain.configuration(server)), binds(try Way.ldaps.configuration(server))
        )
        let alice = TestPerson.named("alice")
        let password = SecretBytes(alice.password.utf8)
        #expect(try await searches.search(Self.rootDSE, deadline: .soon).isComplete)
        #expect(try await binds.bind(name: alice.dn, password: password, deadline: .soon).isSuccess)
        try await server.halt()
        for _ in 0..<3 {
            let error = await #expect(throws: LDAPError.self) {
                try await searches.search(Self.rootDSE, deadline: .soon)
            }
            #expect(error?.isOutage == true)
            let other = await #expect(throws: LDAPError.self) {
                try await binds.bind(name: alice.dn, password: password, deadline: .soon)
            }
            #expect(other?.isOutage == true)
        }
        try await server.restart()
        #expect(try await searches.search(Self.rootDSE, deadline: .soon).isComplete)
        #expect(try await binds.bind(name: alice.dn, password: password, deadline: .soon).isSuccess)
        #expect(searches.connectionCount == 1 && binds.connectionCount == 1)
        await searches.close()
        await binds.close()
        await server.stop()
    }

    @Test("Whoever waits for an opening that hangs goes at their own deadline")
    func waitingForOpening() async throws {
        let server = try MuteServer()
        let pool = service(try server.configuration(ldaps: true))
        for _ in 0..<2 {
            let failure = await Failure(within: .milliseconds(300)) { deadline throws(LDAPError) in
                _ = try await pool.search(Self.rootDSE, deadline: deadline)
            }
            #expect(failure.error?.reason == .timedOut && failure.error?.step == .lease && failure.isInTime)
        }
        #expect(server.accepted == 1)
        await pool.close()
    }

    @Test("A connection on which a search timed out is not used again before the server has spoken")
    func suspect() async throws {
        let server = try MuteServer { $0.connection == 1 ? .silence : .result(code: 0) }
        var configuration = try server.configuration()
        // Half of it is what a sign of life may take.
        configuration.connectTimeout = .seconds(4)
        let pool = service(configuration)
        let failure = await Failure(within: .milliseconds(300)) { deadline throws(LDAPError) in
            _ = try await pool.search(Self.rootDSE, deadline: deadline)
        }
        #expect(failure.error?.reason == .timedOut)
        #expect(try await pool.search(Self.rootDSE, deadline: .soon).isComplete)
        #expect(server.accepted == 2)
        #expect(await ProcessCensus.wait { server.open == 1 })
        await pool.close()
    }

    // MARK: Age

    @Test("Old and unused connections are replaced, silent ones are asked first")
    func age() async throws {
        let seen = Mutex<[LDAPRequest.Operation]>([])
        let server = try MuteServer { request in
            seen.withLock { $0.append(request.operation) }
            return .result(code: 0)
        }
        let clock = ManualClock()
        let pool = binds(try server.configuration(), clock: clock)
        func bind() async throws {
            #expect(try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon).isSuccess)
        }
        try await bind()
        try await bind()
        #expect(server.accepted == 1 && seen.withLock { $0 == [.bind, .bind] })
        clock.advance(by: .seconds(31))
        try await bind()
        #expect(server.accepted == 1 && seen.withLock { $0 == [.bind, .bind, .search, .bind] })
        clock.advance(by: .seconds(301))
        try await bind()
        #expect(server.accepted == 2 && pool.connectionCount == 1)
        for _ in 0..<15 {
            clock.advance(by: .seconds(250))
            try await bind()
        }
        #expect(server.accepted == 3 && pool.connectionCount == 1)
        await pool.close()
    }

    @Test("A service connection ages in the same way")
    func serviceAge() async throws {
        let server = try MuteServer.answering(code: 0)
        let clock = ManualClock()
        let pool = service(try server.configuration(), clock: clock)
        _ = try await pool.search(Self.rootDSE, deadline: .soon)
        clock.advance(by: .seconds(31))
        _ = try await pool.search(Self.rootDSE, deadline: .soon)
        #expect(server.accepted == 1 && server.messages == 3)
        clock.advance(by: .seconds(301))
        _ = try await pool.search(Self.rootDSE, deadline: .soon)
        #expect(server.accepted == 2 && pool.connectionCount == 1)
        await pool.close()
    }

    @Test("A silent connection that gives no sign of life is replaced")
    func deadWhenAsked() async throws {
        let server = try MuteServer { request in
            request.connection == 1 && request.operation == .search ? .silence : .result(code: 0)
        }
        let clock = ManualClock()
        var configuration = try server.configuration()
        configuration.connectTimeout = .seconds(1)
        let pool = binds(configuration, clock: clock)
        #expect(try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon).isSuccess)
        clock.advance(by: .seconds(31))
        #expect(try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon).isSuccess)
        #expect(server.accepted == 2)
        #expect(await ProcessCensus.wait { server.open == 1 })
        await pool.close()
    }

    // MARK: Binds of people

    @Test("Each person is checked alone, however many come", arguments: [1, 4])
    func exclusive(limit: Int) async throws {
        let server = try await SlapdServer.shared()
        let pool = binds(try Way.startTLS.configuration(server), limit: limit)
        let people = ["alice", "bob", "carol", "jürgen", "李雷"].map { TestPerson.named($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<80 {
                group.addTask {
                    let person = people[index % people.count]
                    let isRight = index % 3 != 0
                    let password = SecretBytes((isRight ? person.password : "wrong").utf8)
                    let outcome = try await pool.bind(name: person.dn, password: password, deadline: .soon)
                    #expect(outcome.isSuccess == isRight)
                }
            }
            try await group.waitForAll()
        }
        #expect((1...limit).contains(pool.connectionCount))
        await pool.close()
        #expect(pool.connectionCount == 0)
    }

    @Test("A bind that was sent and not answered is not repeated")
    func bindNotRepeated() async throws {
        let server = try MuteServer { _ in .close }
        let pool = binds(try server.configuration())
        let error = await #expect(throws: LDAPError.self) {
            try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon)
        }
        #expect(error?.reason == .connectionLost && error?.requestMayHaveBeenSent == true)
        #expect(server.accepted == 1 && server.messages == 1)
        #expect(pool.connectionCount == 0)
    }

    @Test("A connection that the server closed between two binds is replaced without a word")
    func closedBetween() async throws {
        let server = try MuteServer { request in
            request.operation == .bind ? .result(code: 0) : .close
        }
        let pool = binds(try server.configuration())
        try await pool.withLease(deadline: .soon) { connection throws(LDAPError) in
            _ = try await connection.simpleBind(name: "cn=a", password: Self.secret, deadline: .soon)
        }
        let error = await #expect(throws: LDAPError.self) {
            try await pool.withLease(deadline: .soon) { connection throws(LDAPError) in
                _ = try await connection.whoAmI(deadline: .soon)
            }
        }
        #expect(error?.reason == .connectionLost && server.accepted == 1)
        #expect(try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon).isSuccess)
        #expect(server.accepted == 2 && pool.connectionCount == 1)
        await pool.close()
    }

    @Test("Whoever finds every connection in use waits until the deadline, and goes without a trace")
    func waiting() async throws {
        let server = try MuteServer()
        let pool = binds(try server.configuration(), limit: 1)
        let first = Task {
            try await pool.bind(name: "cn=a", password: Self.secret, deadline: .now + .seconds(60))
        }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        let failure = await Failure(within: .milliseconds(300)) { deadline throws(LDAPError) in
            _ = try await pool.bind(name: "cn=b", password: Self.secret, deadline: deadline)
        }
        #expect(failure.error?.reason == .timedOut && failure.error?.step == .lease && failure.isInTime)
        let second = Task {
            try await pool.bind(name: "cn=b", password: Self.secret, deadline: .now + .seconds(60))
        }
        second.cancel()
        #expect(await #expect(throws: LDAPError.self) { try await second.value }?.reason == .cancelled)
        let third = Task { try await pool.bind(name: "cn=c", password: Self.secret, deadline: .now + .seconds(60)) }
        first.cancel()
        #expect(await #expect(throws: LDAPError.self) { try await first.value }?.reason == .cancelled)
        // The room of the first goes to the third.
        #expect(await ProcessCensus.wait { server.accepted == 2 && server.open == 1 })
        await pool.close()
        #expect(await #expect(throws: LDAPError.self) { try await third.value }?.reason == .closed)
        #expect(await ProcessCensus.wait { server.open == 0 && pool.connectionCount == 0 })
    }

    @Test("Closing wakes up whoever waits and reaches what is lent")
    func closing() async throws {
        let server = try MuteServer()
        let pool = binds(try server.configuration(), limit: 1)
        let tasks = (0..<3).map { _ in
            Task { try await pool.bind(name: "cn=a", password: Self.secret, deadline: .now + .seconds(60)) }
        }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        await pool.close()
        for task in tasks {
            #expect(await #expect(throws: LDAPError.self) { try await task.value }?.reason == .closed)
        }
        #expect(await ProcessCensus.wait { server.open == 0 && pool.connectionCount == 0 })
    }

    @Test("An opening that fails gives its room back", arguments: 1...3)
    func roomGivenBack(round: Int) async throws {
        let server = try await SlapdServer.shared()
        let wrong = LDAPTLSConfiguration(caFile: server.otherCAFile)
        let pool = binds(try Way.ldaps.configuration(server, tls: wrong), limit: 2)
        for _ in 0..<(round * 2) {
            let error = await #expect(throws: LDAPError.self) {
                try await pool.bind(name: "cn=a", password: Self.secret, deadline: .soon)
            }
            #expect(error?.reason == .tlsFailed)
        }
        #expect(pool.connectionCount == 0)
    }

    @Test("A pool that nobody holds any more closes its connections")
    func released() async throws {
        let server = try MuteServer.answering(code: 0)
        do {
            let (one, other) = (binds(try server.configuration()), service(try server.configuration()))
            #expect(try await one.bind(name: "cn=a", password: Self.secret, deadline: .soon).isSuccess)
            _ = try await other.search(Self.rootDSE, deadline: .soon)
            #expect(server.open == 2)
        }
        #expect(await ProcessCensus.wait { server.open == 0 })
    }
}
