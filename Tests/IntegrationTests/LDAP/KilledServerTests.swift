import HostSystem
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("A server that is killed in the middle of a login")
struct KilledServerTests {
    @Test("after the person was found is an outage for the bind, in time, and the next login works")
    func betweenSearchAndBind() async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd, .plain))
        let secret = SecretBytes("open-alice".utf8)
        for _ in 0..<2 {
            let found = try await directory.find(loginName: "alice", deadline: .now + .seconds(30))
            let alice = try #require(found)
            try slapd.kill()
            let outage = await Punctuality.expect(within: .seconds(2)) { deadline in
                await #expect(throws: Outage.self) {
                    try await directory.bind(
                        dn: alice.person.dn,
                        password: secret,
                        preferring: alice.server,
                        deadline: deadline
                    )
                }
            }
            #expect(outage?.kind == .unreachable && outage?.server == slapd.ldapURL)
            try await slapd.restart()
            let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
            let credentials = try Credentials(username: "alice", password: secret)
            guard case .verified = await provider.verify(credentials, deadline: .now + .seconds(30)) else {
                Issue.record("the login after it does not work")
                continue
            }
        }
        await directory.shutdown()
        await slapd.stop()
    }
}
