import EnterpriseAuth
import Testing

@Suite("Mistakes in a configuration")
struct ConfigurationMistakeTests {
    /// One change of the minimal file, and what the loader must say about it.
    struct Mistake: Sendable, CustomTestStringConvertible {
        /// A problem as the loader prints it, without the file's name.
        struct Expected: Sendable {
            let text: String

            /// Takes `line:column severity`, and the rest of the line.
            init(_ place: String, _ text: String) {
                self.text = "t.toml:" + place.split(separator: " ").joined(separator: ": ") + ": " + text
            }
        }

        let line: String
        let other: String
        let more: String
        let expected: [Expected]

        init(_ line: String, _ other: String, adding more: String = "", _ expected: Expected...) {
            (self.line, self.other, self.more, self.expected) = (line, other, more, expected)
        }

        /// A mistake in lines added at the end, the first of which is line 18.
        init(adding more: String, _ expected: Expected...) {
            (line, other, self.more, self.expected) = ("[login]", "[login]", more, expected)
        }

        var testDescription: String { (other == "[login]" ? more : other).debugDescription }
    }

    @Test("are told with file, line, column, key path, reason and fix", arguments: keys + values + names)
    func single(mistake: Mistake) {
        check(mistake)
    }

    @Test("in the rooms that need each other are told too", arguments: directories + sessions + portals)
    func together(mistake: Mistake) {
        check(mistake)
    }

    @Test("are told all at once, in the order of the file")
    func allAtOnce() {
        let text = """
            [login]
            providers = ["corp", "nowhere"]
            dedline = "10s"
            refusal_time = 500

            [providers.corp]
            type = "ldap"
            directory = "crop"

            [directories.corp]
            preset = "openldap"
            urls = ["ldap://ldap.example.org", "http://x"]
            start_tls = false
            base = "dc=example,dc=org"
            bind_dn = "cn=reader"
            bind_password = "hunter2"

            [directories.corp.users]
            filter = "(uid=*)"

            [session]
            protection = "paranoid"
            """
        let problems = ConfigurationSamples.problems(text)
        #expect(
            problems.map { $0.prefix { $0 != "(" } } == [
                "t.toml:1:1: error: active: there is no [active], so nothing says who may log in ",
                "t.toml:2:22: error: login.providers[1]: there is no [providers.nowhere] ",
                "t.toml:3:1: error: login.dedline: unknown key ",
                "t.toml:4:16: error: login.refusal_time: must be a duration, not an integer ",
                "t.toml:8:13: error: providers.corp.directory: there is no [directories.crop] ",
                "t.toml:10:1: warning: directories.corp: is not used by anything ",
                "t.toml:12:36: error: directories.corp.urls[1]: not a valid LDAP URL: the scheme must be ldap, ldaps or "
                    + "ldapi ",
                "t.toml:16:17: error: directories.corp.bind_password: a secret may not stand in the file itself ",
                "t.toml:19:10: error: directories.corp.users.filter: \"",
                "t.toml:22:14: error: session.protection: \"paranoid\" is not known here ",
            ],
            "\(problems.joined(separator: "\n"))"
        )
    }

    private func check(_ mistake: Mistake) {
        let text = ConfigurationSamples.minimal(replacing: mistake.line, with: mistake.other, adding: mistake.more)
        let problems = ConfigurationSamples.problems(text)
        #expect(problems == mistake.expected.map(\.text))
    }
}
