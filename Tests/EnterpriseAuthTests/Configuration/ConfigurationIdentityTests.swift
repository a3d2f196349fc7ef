import EnterpriseAuth
import Testing

@Suite("Names that become part of people's ids")
struct ConfigurationIdentityTests {
    private func problems(provider: String) -> [ConfigurationProblem] {
        let text = """
            [login]
            providers = ["corp"]
            [providers.corp]
            type = "pam"
            service = "login"
            \(provider)
            [directories.corp]
            preset = "openldap"
            urls = ["ldaps://ldap.example.org"]
            base = "dc=example,dc=org"
            bind = "anonymous"
            [active]
            directory = "corp"
            source = "unix"
            all = ["employees"]
            """
        do {
            return try ConfigurationLoader(checkingFiles: false).load(text: text, fileName: "test.toml").warnings
        } catch {
            return error.problems
        }
    }

    @Test("a local PAM stack may not bear a directory's name: two people would be one")
    func collision() throws {
        let problem = try #require(problems(provider: "").first { $0.key == "providers.corp" })
        #expect(problem.severity == .error)
        #expect(problem.message.contains("share their ids"))
        #expect(problem.position.line == 3)
    }

    @Test("a PAM stack of that very directory's people may")
    func sameDirectory() {
        #expect(!problems(provider: "directory = \"corp\"").contains { $0.message.contains("share their ids") })
    }
}
