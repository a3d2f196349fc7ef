import Testing

@testable import LDAPClient

@Suite struct LDAPValueTests {
    @Test(
        "Every result code is an answer, an outage or a misconfiguration",
        arguments: [
            (0, .answer), (49, .answer), (53, .answer), (19, .answer), (32, .answer),
            (51, .outage), (52, .outage), (3, .outage), (11, .outage), (80, .outage), (-1, .outage), (-5, .outage),
            (-11, .outage), (-2, .outage), (-99, .outage), (-8, .outage),
            (48, .misconfiguration), (8, .misconfiguration), (13, .misconfiguration), (10, .misconfiguration),
            (4, .misconfiguration), (50, .misconfiguration), (34, .misconfiguration), (-7, .misconfiguration),
            (123, .misconfiguration), (14, .misconfiguration),
        ] as [(Int32, LDAPResultCode.Category)]
    )
    func category(code: Int32, expected: LDAPResultCode.Category) {
        #expect(LDAPResultCode(rawValue: code).category == expected)
    }

    @Test("A code is described by the library's text and its number, an unknown one too")
    func description() {
        #expect(LDAPResultCode.invalidCredentials.description == "Invalid credentials (49)")
        #expect(LDAPResultCode(rawValue: 4711).description.contains("4711"))
    }

    @Test("An error names server, step, reason and code in one line")
    func errorText() {
        let error = LDAPError(.timedOut, step: .bind, code: .timeout, server: "ldap://a:389")
        #expect(error.description == "ldap://a:389: bind: no answer before the deadline, Timed out (-5)")
        #expect(error.isOutage)
        #expect(!LDAPError(.serviceBindRefused, step: .bind, code: .invalidCredentials, server: "x").isOutage)
        #expect(LDAPError(.serviceBindRefused, step: .bind, code: .busy, server: "x").isOutage)
    }

    @Test("The password-policy control is believed before the older ones, which fill its gaps")
    func policyControls() {
        typealias Response = PasswordPolicyResponse
        let table: [(PolicyControls, Response?)] = [
            (PolicyControls(), nil),
            (PolicyControls(draft: Response()), Response()),
            (PolicyControls(isExpired: true), Response(problem: .passwordExpired)),
            (PolicyControls(expiresIn: 60), Response(secondsBeforeExpiration: 60)),
            (PolicyControls(draft: Response(), isExpired: true), Response(problem: .passwordExpired)),
            (
                PolicyControls(draft: Response(graceLoginsRemaining: 2), isExpired: true),
                Response(graceLoginsRemaining: 2)
            ),
            (
                PolicyControls(draft: Response(problem: .changeAfterReset), isExpired: true),
                Response(problem: .changeAfterReset)
            ),
            (
                PolicyControls(draft: Response(secondsBeforeExpiration: 5), expiresIn: 60),
                Response(secondsBeforeExpiration: 5)
            ),
            (PolicyControls(draft: Response(), expiresIn: 60), Response(secondsBeforeExpiration: 60)),
        ]
        for (controls, expected) in table {
            #expect(controls.response == expected)
        }
    }

    @Test("Attributes are found in any case, and options belong to the name")
    func attributes() {
        let entry = LDAPEntry(
            dn: "cn=x",
            attributes: [
                .init(description: "cn", values: [Array("one".utf8), Array("two".utf8)]),
                .init(description: "cn;lang-de", values: [Array("eins".utf8)]),
                .init(description: "userCertificate;binary", values: [[0xFF]]),
                .init(description: "Mail", values: [Array("a@b".utf8)]),
            ]
        )
        #expect(entry.strings("CN") == ["one", "two"])
        #expect(entry.strings("cn;LANG-DE") == ["eins"])
        #expect(entry.single("cn") == nil && entry.first("cn") == "one")
        #expect(entry.single("mail") == "a@b")
        #expect(entry.values("usercertificate") == [[0xFF]] && entry.strings("userCertificate").isEmpty)
        #expect(entry.values("c").isEmpty && entry.first("none") == nil)
    }

    @Test("A search gives the server the time until the deadline in whole seconds, one at least")
    func timeLimit() {
        let request = LDAPSearchRequest(base: "", scope: .base)
        #expect(request.seconds(until: .now + .milliseconds(2500)) == 3)
        #expect(request.seconds(until: .now - .seconds(5)) == 1)
        var limited = request
        limited.timeLimitSeconds = 7
        #expect(limited.seconds(until: .now + .seconds(1)) == 7)
    }
}
