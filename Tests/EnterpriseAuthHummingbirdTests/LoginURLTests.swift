import EnterpriseAuth
import Testing

@testable import EnterpriseAuthHummingbird

@Suite("The address of a login view")
struct LoginURLTests {
    private func url(_ view: String, origin: String? = nil, host: String? = nil) -> LoginURL {
        LoginURL(view: view, field: "next", forcedHost: host, origin: origin.flatMap(WebOrigin.init(parsing:)))
    }

    @Test("T90, T91, T93: keeps its query and fragment, and names the place to come back to once")
    func queries() throws {
        let next = try #require(NextTarget("/secret?a=b"))
        #expect(url("/login").text(next: next) == "/login?next=%2Fsecret%3Fa%3Db")
        #expect(url("/login?lang=en").text(next: next) == "/login?lang=en&next=%2Fsecret%3Fa%3Db")
        #expect(url("/login#form").text(next: next) == "/login?next=%2Fsecret%3Fa%3Db#form")
        #expect(url("/login?lang=en").text(next: nil) == "/login?lang=en")
        var other = url("/login")
        other = LoginURL(view: other.view, field: "return_to", forcedHost: nil, origin: nil)
        #expect(other.text(next: next) == "/login?return_to=%2Fsecret%3Fa%3Db")
    }

    @Test("T90, T91, FL-35, FL-36: elsewhere, the view is told the whole address if ours is known")
    func elsewhere() throws {
        let next = try #require(NextTarget("/secret"))
        let own = "https://wiki.example.org"
        let other = "https://login.example.org/login"
        #expect(url(other, origin: own).text(next: next) == "\(other)?next=https%3A%2F%2Fwiki.example.org%2Fsecret")
        #expect(url(other).text(next: next) == other)
        #expect(url("\(own)/login", origin: own).text(next: next) == "\(own)/login?next=%2Fsecret")
        let http = "http://wiki.example.org/login"
        #expect(url(http, origin: own).text(next: next) == "\(http)?next=https%3A%2F%2Fwiki.example.org%2Fsecret")
    }

    @Test("FL-38: a forced host stands in front of paths only")
    func forcedHost() throws {
        let next = try #require(NextTarget("/secret"))
        #expect(url("/login", host: "good.com").text(next: next) == "//good.com/login?next=%2Fsecret")
        #expect(url("https://sso.example.org/", host: "good.com").text(next: nil) == "https://sso.example.org/")
    }
}
