import EnterpriseAuth
import Testing

@Suite("A request that a proxy asks about")
struct AccessRequestTests {
    @Test(
        "names its host as rules do",
        arguments: [
            ("wiki.example.org", "wiki.example.org"), ("WIKI.Example.ORG", "wiki.example.org"),
            ("wiki.example.org:8443", "wiki.example.org"), ("wiki.example.org.", "wiki.example.org"),
            ("wiki.example.org.:443", "wiki.example.org"), ("10.0.0.1", "10.0.0.1"),
        ]
    )
    func host(given: String, host: String) {
        #expect(AccessRequest(method: "GET", host: given, target: "/", address: nil)?.host == host)
    }

    @Test(
        "is about nothing if its host is no host name",
        arguments: [
            "", ".", "wiki..org", "wiki.example.org:", "wiki.example.org:x", "wiki.example.org:123456", "a b", "a@b",
            "wiki.example.org/x", "wiki.example.org,evil", "[::1]", "a\u{0}b", "wiki.example.org..", "-a", "é.org",
            // The Kelvin sign, whose lower case is k.
            "\u{212A}.example.org",
        ]
    )
    func noHost(given: String) {
        let request = AccessRequest(method: "GET", host: given, target: "/", address: nil)
        #expect(request == nil, "\(request?.host ?? "")")
    }
}
