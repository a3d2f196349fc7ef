import Glibc
import LDAPClient
import TestBed
import Testing

@Suite(.serialized) struct LDAPTLSTests {
    @Test("A certificate that is not to be trusted ends the opening", arguments: [Way.startTLS, .ldaps])
    func untrusted(way: Way) async throws {
        for certificate in [SlapdServer.Certificate.expired, .wrongName, .otherAuthority] {
            let server = try await SlapdServer.start(certificate: certificate)
            await refused(try way.configuration(server), .tlsFailed, "\(certificate)")
            await server.stop()
        }
    }

    @Test("An authority that did not sign the certificate ends the opening", arguments: [Way.startTLS, .ldaps])
    func wrongAuthority(way: Way) async throws {
        let server = try await SlapdServer.shared()
        let other = LDAPTLSConfiguration(caFile: server.otherCAFile)
        await refused(try way.configuration(server, tls: other), .tlsFailed, "another authority")
        await refused(try way.configuration(server, tls: LDAPTLSConfiguration()), .tlsFailed, "the system's")
    }

    @Test("The name to verify can be another than the host")
    func serverName() async throws {
        let server = try await SlapdServer.start(certificate: .wrongName)
        let tls = LDAPTLSConfiguration(caFile: server.caFile, serverName: "elsewhere.example.org")
        #expect(try await Way.ldaps.open(server, tls: tls).isUsable)
        #expect(try await Way.startTLS.open(server, tls: tls).isUsable)
        let wrong = LDAPTLSConfiguration(caFile: server.caFile, serverName: "there.example.org")
        await refused(try Way.ldaps.configuration(server, tls: wrong), .tlsFailed, "yet another name")
        await server.stop()
    }

    @Test("A port on which the server speaks no TLS is a failure of TLS, and not of time")
    func clearTextPort() async throws {
        let server = try await SlapdServer.shared()
        let url = try LDAPURL(parsing: server.ldapURL.replacing("ldap:", with: "ldaps:"))
        let configuration = LDAPConnectionConfiguration(url: url, tls: LDAPTLSConfiguration(caFile: server.caFile))
        await refused(configuration, .tlsFailed, "no TLS")
    }

    @Test("Files that cannot be used are misconfiguration, with the path")
    func files() async throws {
        let server = try await SlapdServer.shared()
        let missing = "/nonexistent/ca.pem"
        for tls in [
            LDAPTLSConfiguration(caFile: missing), LDAPTLSConfiguration(caDirectory: missing),
            LDAPTLSConfiguration(caFile: server.caFile, certificateFile: missing, keyFile: server.clientKeyFile),
            LDAPTLSConfiguration(caFile: server.caFile, certificateFile: server.caFile, keyFile: missing),
        ] {
            let error = await refused(try Way.ldaps.configuration(server, tls: tls), .misconfigured, "\(tls)")
            #expect(error?.description.contains(missing) == true)
        }
        let halves = LDAPTLSConfiguration(caFile: server.caFile, certificateFile: server.clientCertificateFile)
        await refused(try Way.ldaps.configuration(server, tls: halves), .misconfigured, "a certificate without its key")
        let suites = LDAPTLSConfiguration(caFile: server.caFile, cipherSuites: "NONSENSE")
        await refused(try Way.ldaps.configuration(server, tls: suites), .misconfigured, "unknown cipher suites")
    }

    @Test("Two authorities for two connections do not mix")
    func perConnection() async throws {
        let server = try await SlapdServer.shared()
        let other = LDAPTLSConfiguration(caFile: server.otherCAFile)
        for _ in 0..<5 {
            async let good = Way.ldaps.open(server)
            async let bad: Void = expectRefusal(try Way.ldaps.configuration(server, tls: other))
            #expect(try await good.isUsable)
            try await bad
        }
    }

    private func expectRefusal(_ configuration: LDAPConnectionConfiguration) async throws {
        await refused(configuration, .tlsFailed, "another authority")
    }

    @Test(
        "Versions of TLS below the minimum are not spoken",
        arguments: [
            ("-tls1_1", LDAPTLSConfiguration.Version.tls12, false), ("-tls1_2", .tls12, true),
            ("-tls1_2", .tls13, false),
            ("-tls1_3", .tls13, true),
        ]
    )
    func versions(option: String, minimum: LDAPTLSConfiguration.Version, isAccepted: Bool) async throws {
        let server = try await SlapdServer.shared()
        let port = try FreePort.find()
        let program = try RunningProgram(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:\(port)", "-quiet", option, "-cipher", "DEFAULT@SECLEVEL=0",
                "-cert", "\(server.directory)/tls/server.pem", "-key", "\(server.directory)/tls/server.key",
            ]
        )
        let configuration = LDAPConnectionConfiguration(
            url: try LDAPURL(parsing: "ldaps://127.0.0.1:\(port)"),
            tls: LDAPTLSConfiguration(caFile: server.caFile, minimumVersion: minimum)
        )
        let isUp = await ProcessCensus.wait {
            let failure = await Failure(within: .seconds(5)) { deadline throws(LDAPError) in
                _ = try await LDAPConnection.open(configuration, deadline: deadline)
            }
            return failure.error?.reason != .unreachable
        }
        #expect(isUp)
        if isAccepted {
            _ = try await LDAPConnection.open(configuration, deadline: .soon)
        } else {
            await refused(configuration, .tlsFailed, "\(option)")
        }
        program.signal(SIGKILL)
        _ = await program.finish()
    }

    @Test("StartTLS that is refused ends the opening, and nothing else is sent", arguments: [2, 52, 1] as [UInt8])
    func startTLSRefused(code: UInt8) async throws {
        let server = try MuteServer.answering(code: code)
        let error = await refused(try server.configuration(startTLS: true), .startTLSRefused, "code \(code)")
        #expect(error?.code.rawValue == Int32(code))
        #expect(await ProcessCensus.wait { server.open == 0 })
        #expect(server.messages <= 2, "StartTLS and perhaps an unbind")
    }

    @Test("Clear text between StartTLS and the handshake is not accepted")
    func injected() async throws {
        let server = try MuteServer { request in
            .bytes(request.response(code: 0) + [0x30, 0x0c, 0x02, 1, 2, 0x61, 7, 0x0a, 1, 0, 4, 0, 4, 0])
        }
        let failure = await Failure(within: .seconds(2)) { deadline throws(LDAPError) in
            _ = try await LDAPConnection.open(
                LDAPConnectionConfiguration(url: try url(server), startTLS: true),
                deadline: deadline
            )
        }
        // Whether the bytes come together or not is up to the network; either way there is no connection.
        #expect(failure.error?.reason == .protocolViolation || failure.error?.reason == .tlsFailed)
    }

    private func url(_ server: MuteServer) throws(LDAPError) -> LDAPURL {
        do {
            return try LDAPURL(parsing: server.ldapURL)
        } catch {
            throw LDAPError(.invalidRequest, step: .connect, code: .parameterError, server: server.ldapURL)
        }
    }

    @discardableResult
    private func refused(
        _ configuration: LDAPConnectionConfiguration,
        _ reason: LDAPError.Reason,
        _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> LDAPError? {
        let error = await #expect(throws: LDAPError.self, comment, sourceLocation: sourceLocation) {
            try await LDAPConnection.open(configuration, deadline: .soon)
        }
        #expect(error?.reason == reason, comment, sourceLocation: sourceLocation)
        return error
    }
}
