import EnterpriseAuth
import Testing

@testable import EnterpriseAuthHummingbird

/// FL-42: Flask-Login leaves this check to every application.
@Suite("Where a login may send a browser")
struct NextTargetTests {
    private static let origin = WebOrigin(scheme: "https", host: "login.example.org")
    private static let hosts = ["wiki.example.org", "*.apps.example.org"]

    private func target(_ text: String) -> NextTarget? {
        NextTarget(text, origin: Self.origin, redirectHosts: Self.hosts)
    }

    @Test(
        "is a path here, or an allowed host over https",
        arguments: [
            "/", "/secret", "/a/b/?q=1&r=%2F%2Fevil.example#top", "/a//b", "/a/../b", "/%C3%BC",
            "/a?next=https://evil.example",
            "https://login.example.org", "https://login.example.org/a", "https://LOGIN.example.org/a",
            "https://login.example.org:443/a", "https://wiki.example.org/page?x=1", "https://one.apps.example.org/",
            "https://a.b.apps.example.org", "/@evil.example", "/a:b@c", "/https://evil.example",
        ]
    )
    func allowed(_ text: String) {
        #expect(target(text)?.text == text)
    }

    @Test(
        "is nothing that some reader takes for another host",
        arguments: [
            "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example",
            "\\\\evil.example",
            "/\\/evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example",
            "http:evil.example",
            "/%2fevil.example", "/%2F%2Fevil.example", "%2f%2fevil.example", "/%5cevil.example", "/.//evil.example",
            "/a/..//evil.example", "/./%2fevil.example", "/%2e%2f/evil.example", "/..//evil.example",
            "evil.example", "evil.example/", ".evil.example", "?next=//evil", "#//evil", "",
        ]
    )
    func slashes(_ text: String) {
        #expect(target(text) == nil)
    }

    @Test(
        "is no other host, however it is dressed",
        arguments: [
            "https://evil.example", "https://evil.example/login.example.org", "https://login.example.org.evil.example",
            "https://login.example.org@evil.example/", "https://user:pass@login.example.org/",
            "https://@login.example.org/",
            "https://wiki.example.org:8443/", "https://apps.example.org", "https://xapps.example.org",
            "https://evilapps.example.org", "https://login.example.org:44a/", "https://login.example.org:/",
            "https://evil.example?login.example.org", "https://evil.example#login.example.org",
            "https://wiki.example.org\\@evil.example/", "https://[::1]/", "https://127.0.0.1/", "https://0x7f000001/",
            "https://wiki.example.org//evil.example", "https://ẃiki.example.org/", "https://",
        ]
    )
    func hosts(_ text: String) {
        #expect(target(text) == nil)
    }

    @Test(
        "is of no other scheme",
        arguments: [
            "http://login.example.org/", "http://wiki.example.org/", "javascript:alert(1)",
            "JaVaScRiPt://login.example.org/%0aalert(1)",
            "data:text/html,x", "ftp://wiki.example.org/", "mailto:a@b", "blob:https://login.example.org/x",
            "view-source:https://login.example.org", "://login.example.org/",
        ]
    )
    func schemes(_ text: String) {
        #expect(target(text) == nil)
    }

    @Test(
        "holds no control character, space or anything that is no ASCII",
        arguments: [
            "/a\r\nSet-Cookie: x=y", "/a\nb", "/a\tb", "/\t/evil.example", "/\n/evil.example", "/a\u{0}b", "/a b",
            " /a",
            "/a ", "\u{1}/a", "/\u{7f}", "/ü", "/\u{2028}", "/%0d%0aSet-Cookie:x=y", "/%00", "/%09/evil.example",
            "/%7f",
            "/%", "/%4", "/%zz", "/%u002f/evil.example",
        ]
    )
    func characters(_ text: String) {
        #expect(target(text) == nil)
    }

    @Test("is at most 4096 bytes long")
    func length() {
        let longest = "/" + String(repeating: "a", count: 4095)
        #expect(target(longest) != nil)
        #expect(target(longest + "a") == nil)
    }

    @Test("is a path only, where neither origin nor hosts are given")
    func pathsOnly() {
        #expect(NextTarget("/a") != nil)
        #expect(NextTarget("https://login.example.org/") == nil)
    }
}
