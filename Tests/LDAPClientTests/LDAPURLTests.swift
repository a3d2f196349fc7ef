import LDAPClient
import Testing

@Suite struct LDAPURLTests {
    @Test(
        "A URL is read and written with every part spelled out",
        arguments: [
            ("ldap://ldap.example.org", "ldap://ldap.example.org:389"),
            ("LDAPS://ldap.example.org", "ldaps://ldap.example.org:636"),
            ("ldap://127.0.0.1:1389/", "ldap://127.0.0.1:1389"),
            ("ldaps://[2001:db8::1]:6636", "ldaps://[2001:db8::1]:6636"),
            ("ldap://[::1]", "ldap://[::1]:389"),
            ("ldapi://%2Frun%2Fslapd%2fldapi", "ldapi://%2frun%2fslapd%2fldapi"),
            ("ldapi://%2Fa%20b", "ldapi://%2fa%20b"),
        ]
    )
    func readAndWritten(text: String, expected: String) throws {
        let url = try LDAPURL(parsing: text)
        #expect(url.description == expected)
        #expect(try LDAPURL(parsing: url.description) == url)
    }

    @Test("Host, port and socket path are taken apart")
    func parts() throws {
        let address = try LDAPURL(parsing: "ldaps://[2001:db8::1]:6636")
        #expect(address.host == "2001:db8::1" && address.port == 6636 && address.socketPath == nil)
        let local = try LDAPURL(parsing: "ldapi://%2Frun%2Fslapd%2Fldapi")
        #expect(local.socketPath == "/run/slapd/ldapi" && local.host.isEmpty)
    }

    @Test(
        "What is no address of a directory server is refused",
        arguments: [
            "", "ldap", "ldap:/x", "http://x", "ldap://", "ldap:///dc=org", "ldap://host/dc=example", "ldap://host?uid",
            "ldap://host:0", "ldap://host:65536", "ldap://host:", "ldap://host:x", "ldap://host:1:2", "ldap://[::1",
            "ldap://[::1]x", "ldap://[]", "ldap://[host]", "ldap://user:pw@host", "ldap://ho st", "ldap://host\n",
            "ldap://hö.example", "ldapi://", "ldapi://run%2Fx", "ldapi://%2Fx%00", "ldapi://%2", "ldapi://%2Fx?y",
            "ldap://\(String(repeating: "a", count: 256))", "ldapi://%2F\(String(repeating: "a", count: 107))",
            "ldap://a ldap://b",
        ]
    )
    func refused(text: String) {
        #expect(throws: LDAPSyntaxError.self) { try LDAPURL(parsing: text) }
    }

    @Test("A password in a URL is not repeated in the error")
    func noPassword() {
        let error = #expect(throws: LDAPSyntaxError.self) { try LDAPURL(parsing: "ldap://me:hunter2@host") }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test(
        "Only this machine counts as loopback",
        arguments: [
            ("ldap://localhost", true), ("ldap://LOCALHOST:1", true), ("ldap://127.0.0.1", true),
            ("ldap://127.9.9.9", true), ("ldap://[::1]", true), ("ldapi://%2Fx", true), ("ldap://128.0.0.1", false),
            ("ldap://127.0.0.1.example.org", false), ("ldap://localhost.example.org", false),
            ("ldap://127.0.0", false), ("ldap://[::2]", false), ("ldap://127.0.0.256", false),
        ]
    )
    func loopback(text: String, expected: Bool) throws {
        #expect(try LDAPURL(parsing: text).isLoopback == expected)
    }

    @Test(
        "Clear text is what others could read",
        arguments: [
            ("ldap://ldap.example.org", false, true), ("ldap://ldap.example.org", true, false),
            ("ldaps://ldap.example.org", false, false), ("ldap://127.0.0.1", false, false),
            ("ldapi://%2Fx", false, false),
        ]
    )
    func clearText(text: String, startTLS: Bool, expected: Bool) throws {
        let configuration = LDAPConnectionConfiguration(url: try LDAPURL(parsing: text), startTLS: startTLS)
        #expect(configuration.isClearText == expected)
    }
}
