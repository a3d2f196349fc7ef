import EnterpriseAuth
import Testing

@Suite("Secrets in a configuration")
struct ConfigurationSecretTests {
    private static let right = "bind_password = { file = \"/etc/ent-login/reader.secret\" }"

    @Test(
        "never appear in a problem, wherever the person put them",
        arguments: [
            "bind_password = \"hunter2\"", "bind_password = hunter2", "bind_password = { file = \"hunter2\" }",
            "bind_password = { env = \"hunter2\" }", "bind_password = { credential = \"hunter2/..\" }",
            "bind_password = { value = \"hunter2\" }", "bind_password = { file = \"/x\", text = \"hunter2\" }",
            "bind_password = [\"hunter2\"]", "bind_password = { file = { text = \"hunter2\" } }",
            "bind_pasword = \"hunter2\"", "password = \"hunter2\"", "bind_password = \"hunter2",
            "bind_password = 'x' hunter2", "start_tls = \"hunter2\"", "[directories.corp.pool]\nidle = [\"hunter2\"]",
        ]
    )
    func neverShown(line: String) {
        let text = ConfigurationSamples.minimal(replacing: ConfigurationSecretTests.right, with: line)
        let problems = ConfigurationSamples.problems(text)
        #expect(!problems.isEmpty)
        for leak in ["hunter2", "unter2", "nter2"] {
            #expect(!problems.contains { $0.contains(leak) }, "\(problems)")
        }
    }

    @Test("are refused in the file itself, with the way to do it right")
    func inline() {
        let text = ConfigurationSamples.minimal(
            replacing: ConfigurationSecretTests.right,
            with: "bind_password = \"hunter2\""
        )
        #expect(
            ConfigurationSamples.problems(text) == [
                "t.toml:13:17: error: directories.corp.bind_password: a secret may not stand in the file itself (put it "
                    + "into a file of its own, mode 0600, and write { file = \"/path/to/it\" })"
            ]
        )
    }

    @Test("do not appear in a URL that is refused")
    func inURL() {
        let line = "urls = [\"ldaps://ldap.example.org\"]"
        for url in ["ldaps://reader:hunter2@ldap.example.org", "ldaps://ldap.example.org/??hunter2", "hunter2"] {
            let text = ConfigurationSamples.minimal(replacing: line, with: "urls = [\"\(url)\"]")
            #expect(!ConfigurationSamples.problems(text).description.contains("hunter2"))
        }
    }
}
