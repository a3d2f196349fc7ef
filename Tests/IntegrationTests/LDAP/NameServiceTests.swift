import EnterpriseAuth
import HostSystem
import TestBed
import Testing

@Suite("A directory whose name server is silent")
struct NameServiceTests {
    @Test("is unavailable in time, leaves no question behind, and is asked again once the name is known")
    func silent() async throws {
        let slapd = try await SlapdServer.shared()
        let names = try DeafNameServer()
        let resolver = HostResolver(servers: [names.server])
        let url = slapd.ldapURL.replacing("127.0.0.1", with: "ldap.example.test")
        let configuration = try DirectoryFixture.configuration(slapd, .plain, urls: [url]) { $0.allowCleartext = true }
        let directory = try DirectoryFixture.directory(configuration, resolver: resolver)
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        let credentials = try DirectoryFixture.credentials("alice", "open-alice")
        for _ in 0..<2 {
            let outcome = await Punctuality.expect(within: .seconds(1)) { deadline in
                await provider.verify(credentials, deadline: deadline)
            }
            guard case .unavailable(let outage) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(outage.source == "corp" && outage.kind == .timeout, "\(outage)")
        }
        names.answer()
        let outcome = await provider.verify(credentials, deadline: .now + .seconds(60))
        guard case .verified = outcome else {
            Issue.record("\(outcome)")
            return
        }
        await directory.shutdown()
        #expect(await ProcessCensus.wait { resolver.questionCount == 0 })
        names.stop()
    }

    @Test("closed meanwhile takes its questions along")
    func closedMeanwhile() async throws {
        let slapd = try await SlapdServer.shared()
        let names = try DeafNameServer()
        let resolver = HostResolver(servers: [names.server])
        let configuration = try DirectoryFixture.configuration(slapd, urls: ["ldap://ldap.example.test:1"])
        let directory = try DirectoryFixture.directory(configuration, resolver: resolver)
        let search = Task { await directory.start(deadline: .now + .seconds(60)) }
        #expect(await ProcessCensus.wait { resolver.questionCount == 1 })
        await directory.shutdown()
        #expect(await search.value != nil)
        #expect(await ProcessCensus.wait { resolver.questionCount == 0 })
        names.stop()
    }
}
