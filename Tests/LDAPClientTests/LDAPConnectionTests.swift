import HostSystem
import LDAPClient
import TestBed
import Testing

@Suite struct LDAPConnectionTests {
    @Test("Every way to the server works", arguments: Way.allCases)
    func everyWay(way: Way) async throws {
        let server = try await SlapdServer.shared()
        let connection = try await way.open(server)
        #expect(try await connection.bind(server.readerDN, server.readerPassword).isSuccess)
        #expect(try await connection.whoAmI(deadline: .soon) == "dn:\(server.readerDN)")
        let request = LDAPSearchRequest(
            base: server.peopleDN,
            scope: .subtree,
            filter: .equal("uid", "alice"),
            attributes: ["UID", "cn"]
        )
        let result = try await connection.search(request, deadline: .soon)
        #expect(result.isComplete && result.entries.count == 1)
        #expect(result.entries.first?.single("uid") == "alice")
        #expect(result.entries.first?.attributes.count == 2)
        await connection.close()
        #expect(!connection.isUsable)
    }

    @Test("Over the local socket the process is who it is")
    func externalOverLocalSocket() async throws {
        let server = try await SlapdServer.shared()
        let connection = try await Way.ldapi.open(server)
        #expect(try await connection.bindExternal(deadline: .soon).isSuccess)
        #expect(try await connection.whoAmI(deadline: .soon) == "dn:\(server.readerDN)")
    }

    @Test("A client certificate is who it names", arguments: [Way.startTLS, .ldaps])
    func externalWithCertificate(way: Way) async throws {
        let server = try await SlapdServer.shared()
        let tls = LDAPTLSConfiguration(
            caFile: server.caFile,
            certificateFile: server.clientCertificateFile,
            keyFile: server.clientKeyFile
        )
        let connection = try await way.open(server, tls: tls)
        #expect(try await connection.bindExternal(deadline: .soon).isSuccess)
        #expect(try await connection.whoAmI(deadline: .soon) == "dn:\(server.readerDN)")
    }

    @Test("EXTERNAL without a certificate is refused by the server, as a value")
    func externalWithoutCertificate() async throws {
        let connection = try await Way.ldaps.open(try await SlapdServer.shared())
        #expect(try await connection.bindExternal(deadline: .soon).isSuccess == false)
        #expect(connection.isUsable)
    }

    @Test("Before a bind we are nobody, and the root DSE can be read")
    func anonymous() async throws {
        let connection = try await Way.plain.open(try await SlapdServer.shared())
        #expect(try await connection.whoAmI(deadline: .soon) == "")
        let root = try await connection.readRootDSE(deadline: .soon)
        #expect(root?.dn == "")
        #expect(root?.strings("supportedLDAPVersion") == ["3"])
        #expect(root?.strings("namingContexts").isEmpty == false)
    }

    @Test("A wrong password and an unknown name are answers")
    func refusals() async throws {
        let server = try await SlapdServer.shared()
        let connection = try await Way.plain.open(server)
        #expect(try await connection.bind(server.readerDN, "wrong").code == .invalidCredentials)
        #expect(try await connection.bind("cn=nobody,\(server.baseDN)", "x").code == .invalidCredentials)
        #expect(try await connection.bind("no name at all", "x").code == .invalidDNSyntax)
        #expect(connection.isUsable)
    }

    @Test("Each person's bind is answered as the test bed says")
    func people() async throws {
        let server = try await SlapdServer.start()
        let connection = try await Way.plain.open(server)
        for person in TestPerson.all(.openldap) where person.user != "ALICE " {
            let outcome = try await connection.bind(person.dn, person.password)
            #expect(Self.summary(outcome) == person.bind, "\(person)")
            let wrong = try await connection.bind(person.dn, person.password + "x")
            #expect(wrong.code == .invalidCredentials, "\(person)")
            #expect(wrong.passwordPolicy?.problem == (person.bind == "49 locked" ? .accountLocked : nil), "\(person)")
        }
        await server.stop()
    }

    /// The outcome in the words of the test bed's table.
    private static func summary(_ outcome: LDAPBindOutcome) -> String {
        let policy = outcome.passwordPolicy
        let state: String? =
            switch policy?.problem {
            case .accountLocked?: "locked"
            case .passwordExpired?: "expired"
            case .changeAfterReset?: "must-change"
            case let problem?: problem.description
            case nil where policy?.graceLoginsRemaining != nil: "grace"
            case nil where policy?.secondsBeforeExpiration != nil: "expiring"
            case nil: nil
            }
        return ([String(outcome.code.rawValue), state].compactMap { $0 }).joined(separator: " ")
    }

    @Test("Without being asked for, the state of the password is not told")
    func noPolicy() async throws {
        let server = try await SlapdServer.shared()
        let soon = TestPerson.named("soon")
        let connection = try await Way.plain.open(server)
        let password = SecretBytes(soon.password.utf8)
        let outcome = try await connection.simpleBind(name: soon.dn, password: password, deadline: .soon)
        #expect(outcome.isSuccess && outcome.passwordPolicy == nil)
    }

    @Test(
        "What would bind nobody, or somebody else, is refused before anything is sent",
        arguments: [("cn=a", ""), ("", "secret"), ("cn=a", "a\u{0}b"), ("cn=a", "\u{0}"), ("cn=a\u{0},dc=b", "secret")]
    )
    func refusedLocally(name: String, password: String) async throws {
        let server = try MuteServer.answering(code: 0)
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let error = await #expect(throws: LDAPError.self) { try await connection.bind(name, password) }
        #expect(error?.reason == .invalidRequest && error?.requestMayHaveBeenSent == false)
        _ = try await connection.whoAmI(deadline: .soon)
        #expect(server.messages == 1)
    }

    @Test("A NUL in a base or an attribute is refused before anything is sent")
    func searchRefusedLocally() async throws {
        let server = try MuteServer.answering(code: 0)
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        for request in [
            LDAPSearchRequest(base: "dc=x\u{0}", scope: .base),
            LDAPSearchRequest(base: "dc=x", scope: .base, attributes: ["cn\u{0}"]),
        ] {
            let error = await #expect(throws: LDAPError.self) { try await connection.search(request, deadline: .soon) }
            #expect(error?.reason == .invalidRequest)
        }
        #expect(server.messages == 0)
    }

    @Test("A deadline that has passed sends nothing")
    func pastDeadline() async throws {
        let server = try MuteServer.answering(code: 0)
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let error = await #expect(throws: LDAPError.self) {
            try await connection.bind("cn=a", "b", deadline: .now - .seconds(1))
        }
        #expect(error?.reason == .timedOut && error?.requestMayHaveBeenSent == false)
        _ = try await connection.whoAmI(deadline: .soon)
        #expect(server.messages == 1)
    }
}
