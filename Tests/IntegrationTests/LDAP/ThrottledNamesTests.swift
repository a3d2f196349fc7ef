import EnterpriseAuth
import EnterpriseAuthTesting
import LDAPClient
import TestBed
import Testing

@Suite("Guesses at one person of a directory under many names")
struct ThrottledNamesTests {
    /// A manager over one directory, with the default throttle.
    private static func manager(_ directory: Directory) -> LoginManager {
        var active = ActiveConfiguration()
        active.everyone = true
        var login = LoginSettings(providers: ["ldap"])
        login.refusalTime = .zero
        login.deadline = .seconds(60)
        return LoginManager(
            configuration: LoginConfiguration(login: login, providers: [:], active: active),
            chain: ProviderChain(providers: [LDAPCredentialProvider(name: "ldap", directory: directory)]),
            judge: ScriptedJudge(),
            store: nil,
            logger: DirectoryFixture.logger
        )
    }

    @Test("are no more together than under one, by search and by template", arguments: [false, true])
    func names(byTemplate: Bool) async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd) { configuration in
                let filter = "(&(objectClass=inetOrgPerson)(|(uid={username})(mail={username})(cn={username})))"
                configuration.users.filter = try LDAPFilter.Template(parsing: filter)
                guard byTemplate else { return }
                let people = slapd.peopleDN
                configuration.users.dnTemplate = try DistinguishedName.Template(parsing: "uid={username},\(people)")
            }
        )
        let manager = Self.manager(directory)
        let typed = byTemplate ? ["bob", "BOB", "Bob", "bOb"] : ["bob", "bob@example.org", "BOB@Example.org", "Bob"]
        var reasons: [Refusal.Reason?] = []
        for (number, name) in typed.enumerated() {
            let credentials = try DirectoryFixture.credentials(name, "wrong \(number)")
            guard case .refused(let refusal) = await manager.login(credentials, client: .local) else {
                Issue.record("\(name) was not refused")
                continue
            }
            reasons.append(refusal.reason)
        }
        #expect(reasons == [.wrongPassword, .wrongPassword, .wrongPassword, .throttled])
        let bob = try await manager.throttleEntries().first { $0.account == "bob" }
        #expect(bob?.failures == 3)
        let right = try DirectoryFixture.credentials("bob@example.org", "open-bob")
        if case .success = await manager.login(right, client: .local) { Issue.record("let in") }
        await manager.close()
        await directory.shutdown()
        await slapd.stop()
    }
}
