import EnterpriseAuth
import LDAPClient
import Synchronization
import TestBed
import Testing

/// What a login must come to when nobody answers: unavailable, in time, and nothing left behind.
@Suite("A directory that does not answer")
struct OutageTests {
    /// Ways in which a server can fail to answer.
    enum Fault: CaseIterable, CustomTestStringConvertible {
        case silentPlain, silentStartTLS, silentLDAPS, silentInHandshake, silentAfterBind
        case refusesStartTLS, closes, busy, unavailable, garbage, nobodyListens, blackHole

        var testDescription: String { "\(self)" }

        var transport: Transport {
            switch self {
            case .silentStartTLS, .silentInHandshake, .refusesStartTLS: .startTLS
            case .silentLDAPS: .ldaps
            default: .plain
            }
        }

        func server() throws -> MuteServer? {
            switch self {
            case .silentPlain, .silentStartTLS, .silentLDAPS: try MuteServer()
            case .silentInHandshake: try .silentAfterStartTLS()
            case .silentAfterBind: try .silentAfterBind()
            case .refusesStartTLS: try .answering(code: 2)
            case .closes: try MuteServer { _ in .close }
            case .busy: try .answering(code: 51)
            case .unavailable: try .answering(code: 52)
            case .garbage: try MuteServer { _ in .bytes([0x30, 0x03, 0x02, 0x01]) }
            case .nobodyListens, .blackHole: nil
            }
        }
    }

    @Test("makes every login unavailable within the deadline, and leaves no connection", arguments: Fault.allCases)
    func unavailable(_ fault: Fault) async throws {
        let slapd = try await SlapdServer.shared()
        let mute = try fault.server()
        let hole = fault == .blackHole ? try await BlackHole() : nil
        let port = try mute?.port ?? hole?.port ?? FreePort.find()
        let url = "\(fault.transport == .ldaps ? "ldaps" : "ldap")://127.0.0.1:\(port)"
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, fault.transport, urls: [url])
        )
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        for _ in 0..<3 {
            let credentials = try DirectoryFixture.credentials("alice", "open-alice")
            let outcome = await Punctuality.expect(within: .seconds(1)) { deadline in
                await provider.verify(credentials, deadline: deadline)
            }
            guard case .unavailable(let outage) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(outage.source == "corp")
            #expect(!outage.detail.contains("open-"))
        }
        await directory.shutdown()
        let held = hole?.held ?? 0
        let isClean = await ProcessCensus.wait { ProcessCensus.connections(to: port) <= held }
        #expect(isClean)
        mute?.stop()
    }

    @Test(
        "is never believed where its certificate does not fit",
        arguments: [
            SlapdServer.Certificate.expired, .wrongName, .otherAuthority,
        ]
    )
    func certificates(_ certificate: SlapdServer.Certificate) async throws {
        let slapd = try await SlapdServer.start(certificate: certificate)
        for transport in [Transport.startTLS, .ldaps] {
            let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd, transport))
            let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
            let outcome = await provider.verify(
                try DirectoryFixture.credentials("alice", "open-alice"),
                deadline: .now + .seconds(60)
            )
            if case .unavailable(let outage) = outcome {
                #expect(outage.kind == .tls)
            } else {
                Issue.record("\(transport): \(outcome)")
            }
            await directory.shutdown()
        }
        await slapd.stop()
    }

    @Test("that is stopped in the middle of logins makes them unavailable, and the next login after it works")
    func suspended() async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        let policy = DirectoryFixture.policy(directory)
        #expect(await policy.start(deadline: .now + .seconds(60)).isEmpty)
        let credentials = try DirectoryFixture.credentials("alice", "open-alice")
        let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<24 {
                group.addTask {
                    try await Task.sleep(for: .milliseconds(number * 2))
                    let outcome = await Punctuality.expect(within: .seconds(2)) { deadline in
                        await provider.verify(credentials, deadline: deadline)
                    }
                    return Self.word(outcome)
                }
            }
            try await Task.sleep(for: .milliseconds(20))
            try slapd.suspend()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(outcomes).isSubset(of: ["verified", "unavailable"]))
        #expect(outcomes.contains("unavailable"))
        try slapd.resume()
        let outcome = await provider.verify(credentials, deadline: .now + .seconds(60))
        #expect(Self.word(outcome) == "verified")
        await policy.shutdown()
        await directory.shutdown()
        await slapd.stop()
    }

    @Test("that is killed and started again is used again by the next login")
    func restarted() async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        let credentials = try DirectoryFixture.credentials("alice", "open-alice")
        for _ in 0..<3 {
            let before = await provider.verify(credentials, deadline: .now + .seconds(60))
            #expect(Self.word(before) == "verified")
            try slapd.kill()
            let during = await provider.verify(credentials, deadline: .now + .seconds(60))
            #expect(Self.word(during) == "unavailable")
            try await slapd.restart()
            let after = await provider.verify(credentials, deadline: .now + .seconds(60))
            #expect(Self.word(after) == "verified", "\(after)")
        }
        await directory.shutdown()
        let port = slapd.port
        let isClean = await ProcessCensus.wait { ProcessCensus.connections(to: port) == 0 }
        #expect(isClean)
        await slapd.stop()
    }

    static func word(_ outcome: CredentialOutcome) -> String {
        switch outcome {
        case .verified: "verified"
        case .challenge: "challenge"
        case .passwordChangeRequired: "change"
        case .refused(let refusal): refusal.reason.rawValue
        case .unavailable: "unavailable"
        }
    }
}
