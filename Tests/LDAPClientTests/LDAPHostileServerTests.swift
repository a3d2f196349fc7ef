import LDAPClient
import TestBed
import Testing

@Suite(.serialized) struct LDAPHostileServerTests {
    /// What a server may send that no server should.
    static let messages: [(String, [UInt8])] = [
        ("something else than LDAP", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
        ("an endless message", [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 2, 1, 1]),
        ("a length of 2^63", [0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ("a message without a number", [0x30, 2, 5, 0]),
        ("an answer without content", [0x30, 5, 2, 1, 1, 0x65, 0]),
        ("an entry without content", [0x30, 5, 2, 1, 1, 0x64, 0]),
        ("an entry whose attributes end early", [0x30, 0x0a, 2, 1, 1, 0x64, 5, 4, 1, 0x78, 0x30, 0x7f]),
        ("a notice of disconnection without a name", [0x30, 0x0c, 2, 1, 0, 0x78, 7, 0x0a, 1, 52, 4, 0, 4, 0]),
        ("a notice with an empty name", [0x30, 0x0e, 2, 1, 0, 0x78, 9, 0x0a, 1, 52, 4, 0, 4, 0, 0x8a, 0]),
        ("a negative number", [0x30, 0x0c, 2, 1, 0xff, 0x65, 7, 0x0a, 1, 0, 4, 0, 4, 0]),
        ("nothing but zeros", [UInt8](repeating: 0, count: 64)),
    ]

    @Test("Whatever a hostile server sends, the search fails and the process lives", arguments: messages)
    func survives(what: String, message: [UInt8]) async throws {
        let server = try MuteServer { _ in .bytes(message) }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let failure = await Failure(within: .seconds(2)) { deadline throws(LDAPError) in
            _ = try await connection.search(LDAPSearchRequest(base: "", scope: .base), deadline: deadline)
        }
        #expect(failure.error != nil && failure.isInTime, "\(what)")
    }

    @Test("A notice of disconnection ends the connection with what the server said")
    func notice() async throws {
        let name = Array("1.3.6.1.4.1.1466.20036".utf8)
        let result: [UInt8] = [0x0a, 1, 52, 4, 0, 4, 3] + Array("bye".utf8) + [0x8a, UInt8(name.count)] + name
        let message = [0x30, UInt8(result.count + 5), 2, 1, 0, 0x78, UInt8(result.count)] + result
        let server = try MuteServer { _ in .bytes(message) }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let error = await #expect(throws: LDAPError.self) { try await connection.whoAmI(deadline: .soon) }
        #expect(error?.reason == .connectionLost && error?.code == .unavailable && error?.diagnostic == "bye")
        #expect(!connection.isUsable)
    }

    @Test("An answer that nobody waits for is dropped")
    func stranger() async throws {
        let server = try MuteServer { request in
            .bytes([0x30, 0x0c, 2, 1, 99, 0x61, 7, 0x0a, 1, 0, 4, 0, 4, 0] + request.response(code: 0))
        }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        #expect(try await connection.bind("cn=a", "b").isSuccess)
    }

    /// A successful bind result for message 1 with one control.
    private static func bindResult(control name: String, value: [UInt8]?) -> [UInt8] {
        func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
        let control = element(0x30, element(4, Array(name.utf8)) + (value.map { element(4, $0) } ?? []))
        let result = element(0x61, [0x0a, 1, 0, 4, 0, 4, 0])
        return element(0x30, [2, 1, 1] + result + element(0xa0, control))
    }

    @Test(
        "The controls about the password are read",
        arguments: [
            ("1.3.6.1.4.1.42.2.27.8.5.1", [0x30, 0], PasswordPolicyResponse()),
            ("1.3.6.1.4.1.42.2.27.8.5.1", nil, PasswordPolicyResponse()),
            ("1.3.6.1.4.1.42.2.27.8.5.1", [0x30, 3, 0x81, 1, 2], PasswordPolicyResponse(problem: .changeAfterReset)),
            (
                "1.3.6.1.4.1.42.2.27.8.5.1", [0x30, 3, 0x81, 1, 77],
                PasswordPolicyResponse(problem: .init(rawValue: 77))
            ),
            (
                "1.3.6.1.4.1.42.2.27.8.5.1", [0x30, 5, 0xa0, 3, 0x80, 1, 60],
                PasswordPolicyResponse(secondsBeforeExpiration: 60)
            ),
            (
                "1.3.6.1.4.1.42.2.27.8.5.1", [0x30, 5, 0xa0, 3, 0x81, 1, 0],
                PasswordPolicyResponse(graceLoginsRemaining: 0)
            ),
            ("2.16.840.1.113730.3.4.5", [0x39, 0x30], PasswordPolicyResponse(secondsBeforeExpiration: 90)),
            ("2.16.840.1.113730.3.4.5", [0x78], nil),
            ("2.16.840.1.113730.3.4.4", [0x30], PasswordPolicyResponse(problem: .passwordExpired)),
            ("2.16.840.1.113730.3.4.4", nil, PasswordPolicyResponse(problem: .passwordExpired)),
            ("1.2.3.4", [1, 2, 3], nil),
        ] as [(String, [UInt8]?, PasswordPolicyResponse?)]
    )
    func controls(name: String, value: [UInt8]?, expected: PasswordPolicyResponse?) async throws {
        let server = try MuteServer { _ in .bytes(Self.bindResult(control: name, value: value)) }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let outcome = try await connection.bind("cn=a", "b")
        #expect(outcome.isSuccess && outcome.passwordPolicy == expected)
    }

    @Test(
        "A control about the password that cannot be read is no success",
        arguments: [[0x02, 1, 1], [0xff]] as [[UInt8]]
    )
    func brokenControl(value: [UInt8]) async throws {
        let server = try MuteServer { _ in
            .bytes(Self.bindResult(control: "1.3.6.1.4.1.42.2.27.8.5.1", value: value))
        }
        let connection = try await LDAPConnection.open(server.configuration(), deadline: .soon)
        let error = await #expect(throws: LDAPError.self) { try await connection.bind("cn=a", "b") }
        #expect(error?.reason == .protocolViolation)
    }
}
