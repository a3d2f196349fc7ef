import TestBed
import Testing

/// The server's life: start, crash, restart, freeze, changes, TLS.
struct SlapdServerTests {
    @Test("a killed server comes back on the same ports with the same data")
    func restarts() async throws {
        let server = try await SlapdServer.start()
        let alice = TestPerson.named("alice")
        try server.kill()
        #expect(try await server.whoAmI(alice.dn, alice.password).status != 0)
        try await server.restart()
        #expect(try await server.whoAmI(alice.dn, alice.password).status == 0)
        await server.stop()
        #expect(server.processID == nil)
    }

    @Test("the administrator changes entries, operational attributes included")
    func modifies() async throws {
        let server = try await SlapdServer.start()
        let alice = TestPerson.named("alice")
        try await server.modify("dn: \(alice.dn)\nchangetype: modify\nreplace: pwdReset\npwdReset: TRUE\n")
        #expect(try await server.whoAmI(alice.dn, alice.password).errors.contains("must be changed"))
        #expect(try await server.search(alice.dn, "(uid=alice)", ["pwdReset"]).contains("pwdReset: TRUE"))
        await server.stop()
    }

    @Test("three wrong passwords lock lockme")
    func locks() async throws {
        let server = try await SlapdServer.start()
        let person = TestPerson.named("lockme")
        for _ in 0..<3 { #expect(try await server.whoAmI(person.dn, "wrong").status == 49) }
        #expect(try await server.whoAmI(person.dn, person.password).errors.contains("Account locked"))
        await server.stop()
    }

    @Test("the running configuration can be changed")
    func configures() async throws {
        let server = try await SlapdServer.start(.second)
        try await server.configure(
            "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcSizeLimit\nolcSizeLimit: 1\n"
        )
        let result = try await Command.run(
            "ldapsearch",
            ["-x", "-H", server.ldapURL, "-D", server.readerDN, "-w", server.readerPassword, "-b", server.baseDN]
        )
        #expect(result.status == 4)
        await server.stop()
    }

    @Test(
        "certificates are good or bad as asked",
        arguments: [
            (SlapdServer.Certificate.server, true), (.expired, false), (.wrongName, false), (.otherAuthority, false),
        ]
    )
    func certificates(certificate: SlapdServer.Certificate, good: Bool) async throws {
        let server = try await SlapdServer.start(.second, certificate: certificate)
        let result = try await Command.run(
            "ldapwhoami",
            ["-x", "-H", server.ldapsURL],
            environment: ["LDAPTLS_CACERT": server.caFile]
        )
        #expect((result.status == 0) == good, "\(result.errors)")
        await server.stop()
    }

    @Test("the client certificate and the local user are the reader by SASL EXTERNAL")
    func external() async throws {
        let server = try await SlapdServer.shared()
        let environment = [
            "LDAPTLS_CACERT": server.caFile, "LDAPTLS_CERT": server.clientCertificateFile,
            "LDAPTLS_KEY": server.clientKeyFile,
        ]
        for url in [server.ldapsURL, server.ldapiURL] {
            let result = try await Command.run(
                "ldapwhoami",
                ["-Q", "-Y", "EXTERNAL", "-H", url],
                environment: environment
            )
            #expect(result.output == "dn:\(server.readerDN)\n", "\(url): \(result.errors)")
        }
    }
}
