import HostSystem
import LDAPClient
import Synchronization
import TestBed
import Testing

@Suite(.serialized) struct LDAPFaultTests {
    enum Trap: String, Sendable, CaseIterable {
        case silentInTLS, silentInStartTLS, silentAfterStartTLS, stallingInHandshake
    }

    @Test("Opening ends at the deadline wherever the server falls silent", arguments: Trap.allCases)
    func silentWhileOpening(trap: Trap) async throws {
        let (server, step): (MuteServer, LDAPError.Step) =
            switch trap {
            case .silentInTLS: (try MuteServer(), .tls)
            case .silentInStartTLS: (try MuteServer(), .startTLS)
            case .silentAfterStartTLS: (try .silentAfterStartTLS(), .tls)
            case .stallingInHandshake: (try .stallingInHandshake(), .tls)
            }
        let usesTLS = trap == .silentInTLS || trap == .stallingInHandshake
        let configuration = try server.configuration(startTLS: !usesTLS, ldaps: usesTLS)
        let failure = await Failure(within: .seconds(2)) { deadline throws(LDAPError) in
            _ = try await LDAPConnection.open(configuration, deadline: deadline)
        }
        #expect(failure.error?.reason == .timedOut && failure.error?.code == .timeout)
        #expect(failure.error?.step == step)
        #expect(failure.isInTime)
        #expect(await ProcessCensus.wait { ProcessCensus.connections(to: server.port) == 0 })
    }

    @Test("The connect timeout ends the opening before a later deadline")
    func connectTimeout() async throws {
        let server = try MuteServer()
        var configuration = try server.configuration(ldaps: true)
        configuration.connectTimeout = .milliseconds(300)
        let start = ContinuousClock.now
        let error = await #expect(throws: LDAPError.self) {
            try await LDAPConnection.open(configuration, deadline: .now + .seconds(60))
        }
        #expect(error?.reason == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("An address where nobody answers ends at the deadline, a refused port at once")
    func unreachable() async throws {
        let hole = try await BlackHole()
        let url = try LDAPURL(parsing: "ldap://127.0.0.1:\(hole.port)")
        let nowhere = LDAPConnectionConfiguration(url: url, startTLS: false)
        let failure = await Failure(within: .seconds(1)) { deadline throws(LDAPError) in
            _ = try await LDAPConnection.open(nowhere, deadline: deadline)
        }
        #expect(failure.error?.reason == .timedOut && failure.error?.step == .connect && failure.isInTime)
        for url in ["ldap://127.0.0.1:\(try FreePort.find())", "ldapi://%2Fnonexistent%2Fldapi"] {
            let refused = LDAPConnectionConfiguration(url: try LDAPURL(parsing: url), startTLS: false)
            let error = await #expect(throws: LDAPError.self) {
                try await LDAPConnection.open(refused, deadline: .soon)
            }
            #expect(error?.reason == .unreachable && error?.step == .connect)
        }
    }

    @Test("Cancelling ends the opening at once, even inside of the handshake", arguments: [true, false])
    func cancelledWhileOpening(ldaps: Bool) async throws {
        let server = try MuteServer()
        let configuration = try server.configuration(startTLS: !ldaps, ldaps: ldaps)
        let task = Task { try await LDAPConnection.open(configuration, deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { server.accepted == 1 })
        task.cancel()
        let start = ContinuousClock.now
        let error = await #expect(throws: LDAPError.self) { try await task.value }
        #expect(error?.reason == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(await ProcessCensus.wait { server.open == 0 })
    }

    @Test("A search that is not answered ends at the deadline and is abandoned; the connection goes on")
    func searchTimesOut() async throws {
        let seen = Mutex<[LDAPRequest]>([])
        let server = try MuteServer { request in
            seen.withLock { $0.append(request) }
            return request.operation == .extended ? .result(code: 0) : .silence
        }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let failure = await Failure(within: .milliseconds(500)) { deadline throws(LDAPError) in
            _ = try await connection.search(LDAPSearchRequest(base: "", scope: .base), deadline: deadline)
        }
        #expect(failure.error?.reason == .timedOut && failure.error?.step == .search && failure.isInTime)
        #expect(failure.error?.requestMayHaveBeenSent == true)
        #expect(await ProcessCensus.wait { seen.withLock { $0.contains { $0.operation == .abandon } } })
        // The last byte of an abandon request is the number of what is abandoned (RFC 4511, 4.11).
        let (search, abandon) = seen.withLock { ($0.first, $0.first { $0.operation == .abandon }) }
        #expect(abandon?.bytes.last.map { Int($0) } == search?.id)
        #expect(connection.isUsable && connection.isSuspect)
        _ = try await connection.whoAmI(deadline: .soon)
        #expect(!connection.isSuspect)
    }

    @Test("A bind that is not answered ends at the deadline and takes the connection with it")
    func bindTimesOut() async throws {
        let server = try MuteServer()
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let failure = await Failure(within: .milliseconds(500)) { deadline throws(LDAPError) in
            let password = SecretBytes("secret".utf8)
            _ = try await connection.simpleBind(name: "cn=a", password: password, deadline: deadline)
        }
        #expect(failure.error?.reason == .timedOut && failure.isInTime)
        #expect(failure.error?.requestMayHaveBeenSent == true)
        #expect(!connection.isUsable)
        #expect(await ProcessCensus.wait { server.open == 0 })
        let error = await #expect(throws: LDAPError.self) { try await connection.whoAmI(deadline: .soon) }
        #expect(error?.reason == .connectionLost && error?.requestMayHaveBeenSent == false)
    }

    @Test("Cancelling a search abandons it, cancelling a bind ends the connection")
    func cancelled() async throws {
        let seen = Mutex<[LDAPRequest.Operation]>([])
        let server = try MuteServer { request in
            seen.withLock { $0.append(request.operation) }
            return .silence
        }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let search = Task {
            try await connection.search(LDAPSearchRequest(base: "", scope: .base), deadline: .now + .seconds(60))
        }
        #expect(await ProcessCensus.wait { seen.withLock { $0 == [.search] } })
        search.cancel()
        #expect(await #expect(throws: LDAPError.self) { try await search.value }?.reason == .cancelled)
        #expect(await ProcessCensus.wait { seen.withLock { $0 == [.search, .abandon] } })
        #expect(connection.isUsable)
        let bind = Task { try await connection.bind("cn=a", "b", deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { seen.withLock { $0.last == .bind } })
        bind.cancel()
        #expect(await #expect(throws: LDAPError.self) { try await bind.value }?.reason == .cancelled)
        #expect(!connection.isUsable)
        #expect(await ProcessCensus.wait { server.open == 0 })
    }

    @Test("What is cancelled before it begins sends nothing")
    func cancelledBefore() async throws {
        let server = try MuteServer()
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            _ = try await connection.whoAmI(deadline: .soon)
        }
        task.cancel()
        #expect(await #expect(throws: LDAPError.self) { try await task.value }?.reason == .cancelled)
        #expect(server.messages == 0)
    }

    @Test("While a bind is under way nothing else is sent")
    func duringBind() async throws {
        let server = try MuteServer()
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let bind = Task { try await connection.bind("cn=a", "b", deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        let error = await #expect(throws: LDAPError.self) { try await connection.whoAmI(deadline: .soon) }
        #expect(error?.reason == .invalidRequest)
        #expect(server.messages == 1)
        await connection.close()
        #expect(await #expect(throws: LDAPError.self) { try await bind.value }?.reason == .closed)
    }

    @Test("A server that goes away fails everything that waits, and is noticed when nothing waits")
    func serverDies() async throws {
        let server = try await SlapdServer.start()
        let (busy, idle) = (try await Way.plain.open(server), try await Way.startTLS.open(server))
        try await server.freeze()
        let waiting = (0..<20).map { _ in
            Task { try await busy.search(LDAPSearchRequest(base: "", scope: .base), deadline: .now + .seconds(60)) }
        }
        let late = await Failure(within: .milliseconds(500)) { deadline throws(LDAPError) in
            _ = try await busy.search(LDAPSearchRequest(base: "", scope: .base), deadline: deadline)
        }
        #expect(late.error?.reason == .timedOut && late.isInTime, "\(String(describing: late.error))")
        try server.kill()
        for task in waiting {
            let error = await #expect(throws: LDAPError.self) { try await task.value }
            #expect(error?.reason == .connectionLost && error?.requestMayHaveBeenSent == true)
        }
        #expect(await ProcessCensus.wait { !idle.isUsable && !busy.isUsable })
        let error = await #expect(throws: LDAPError.self) { try await idle.whoAmI(deadline: .soon) }
        #expect(error?.reason == .connectionLost && error?.requestMayHaveBeenSent == false)
        await server.stop()
    }

    @Test("A server that was stopped for a while goes on where it was")
    func serverStops() async throws {
        let server = try await SlapdServer.start()
        let connection = try await Way.ldaps.open(server)
        try await server.freeze()
        let late = await Failure(within: .milliseconds(300)) { deadline throws(LDAPError) in
            _ = try await connection.whoAmI(deadline: deadline)
        }
        #expect(late.error?.reason == .timedOut && connection.isSuspect)
        try server.resume()
        #expect(try await connection.bind(server.readerDN, server.readerPassword).isSuccess)
        #expect(!connection.isSuspect)
        await server.stop()
    }

    @Test("Closing fails what waits with closed, and gives the descriptor back")
    func closed() async throws {
        let server = try MuteServer()
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let search = Task {
            try await connection.search(LDAPSearchRequest(base: "", scope: .base), deadline: .now + .seconds(60))
        }
        #expect(await ProcessCensus.wait { server.messages == 1 })
        await connection.close()
        #expect(await #expect(throws: LDAPError.self) { try await search.value }?.reason == .closed)
        #expect(await ProcessCensus.wait { server.open == 0 && ProcessCensus.connections(to: server.port) == 0 })
    }

    @Test("A connection that nobody holds any more is closed")
    func released() async throws {
        let server = try MuteServer()
        do {
            let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
            // The server counts a connection once it has accepted it, which may be after the client has it.
            #expect(await ProcessCensus.wait { server.open == 1 })
            #expect(connection.isUsable)
        }
        #expect(await ProcessCensus.wait { server.open == 0 })
    }
}
