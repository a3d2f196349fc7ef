import Testing

@testable import EnterpriseAuth

@Suite("The path of a request")
struct RequestPathTests {
    @Test(
        "is decoded once, without its query",
        arguments: [
            ("/", "/"), ("/docs", "/docs"), ("/docs/", "/docs/"), ("/a%64min?x=%2f..", "/admin"), ("/?a", "/"),
            ("/%C3%A9", "/é"), ("/a%20b", "/a b"), ("/.well-known/x", "/.well-known/x"), ("/...", "/..."),
        ]
    )
    func plain(target: String, path: String) {
        #expect(RequestPath(target: target) == .plain(Array(path.utf8)))
    }

    @Test(
        "is ambiguous where two programs may read it differently",
        arguments: [
            "", "*", "docs", "http://host/docs", "/a//b", "//a", "/a/./b", "/a/../b", "/a/..", "/a/.", "/%2e%2e/b",
            "/%2E./b", "/a%2fb", "/a%2Fb", "/a%5cb", #"/a\b"#, "/a;x/b", "/a%3bx", "/a%00", "/a%0d%0ab", "/a\u{7f}",
            "/%2561dmin", "/admin%3Fx", "/a%", "/a%4", "/a%4g", "/a%+1", "/a#b", "/%c0%af", "/%ff", "/a\tb",
        ]
    )
    func ambiguous(target: String) {
        guard case .ambiguous(let reason) = RequestPath(target: target) else {
            Issue.record("“\(target)” was taken for plain")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test(
        "lies below another by whole segments",
        arguments: [
            ("/docs", "/docs", true), ("/docs/", "/docs", true), ("/docs/x", "/docs", true), ("/docsx", "/docs", false),
            ("/Docs", "/docs", false), ("/", "/docs", false), ("/doc", "/docs", false), ("/x", "", true),
        ]
    )
    func below(path: String, prefix: String, expected: Bool) {
        #expect(Array(path.utf8).isPath(below: Array(prefix.utf8)) == expected)
    }
}
