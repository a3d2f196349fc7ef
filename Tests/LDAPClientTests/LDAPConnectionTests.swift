import HostSystem
import LDAPClient
import TestBed
import Testing

@Suite struct LDAPConnectionTests {
    @Test("Every way to the server works: plain on loopback, StartTLS, ldaps, ldapi")
    func everyWay() async throws {
        let server = try await SlapdServer.shared()
        for (url, startTLS) in [
            (server.ldapURL, false), (server.ldapURL, true), (server.ldapsURL, false), (server.ldapiURL, false),
        ] {
            let connection = try await LDAPConnection.open(
                LDAPConnectionConfiguration(
                    url: try LDAPURL(parsing: url),
                    startTLS: startTLS,
                    tls: LDAPTLSConfiguration(caFile: server.caFile)
                ),
                deadline: .now + .seconds(10)
            )
            let outcome = try await connection.simpleBind(
                name: server.readerDN,
                password: SecretBytes(server.readerPassword.utf8),
                passwordPolicy: true,
                deadline: .now + .seconds(10)
            )
            #expect(outcome.isSuccess)
            let who = try await connection.whoAmI(deadline: .now + .seconds(10))
            #expect(who == "dn:\(server.readerDN)")
            let result = try await connection.search(
                LDAPSearchRequest(base: server.peopleDN, scope: .subtree, filter: .equal("uid", "alice")),
                deadline: .now + .seconds(10)
            )
            #expect(result.entries.count == 1)
            #expect(result.isComplete)
            #expect(result.entries.first?.strings("uid") == ["alice"])
            await connection.close()
        }
    }
}
