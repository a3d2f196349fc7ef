import EnterpriseAuth
import EnterpriseAuthHummingbird
import EnterpriseAuthTesting
import HTTPTypes
import Testing

@testable import EnterpriseAuthPortal

@Suite("Answers to proxies")
struct ForwardAuthTests {
    /// Logs a browser in at a protected host, by the whole way.
    private static func enter(_ world: PortalWorld, _ browser: PortalBrowser, _ name: String = "alice") async throws {
        try await world.login(browser, name)
        let start = try await browser.get(PortalWorld.wiki + "/.ent-login/start?rd=%2Fpage")
        let (_, url) = try await browser.follow(start, from: PortalWorld.wiki, times: 3)
        #expect(url == PortalWorld.wiki + "/page")
    }

    @Test("let somebody who is logged in pass, with all headers that say who it is")
    func allowed() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await Self.enter(world, browser)
        let answer = try await world.ask("wiki.localhost", cookies: browser["wiki.localhost"])
        #expect(answer.status == .ok)
        #expect(answer.headers[.remoteUser] == "alice")
        #expect(answer.headers[.remoteGroups] == "Staff,Gr%C3%B6%C3%9Fe%2C 100%25")
        #expect(answer.headers[.remoteName] == "Alice <Archer>")
        #expect(answer.headers[.remoteEmail] == "alice@example.org")
        #expect(answer.headers[.cacheControl] == "no-store")
    }

    @Test("send every identity header with every yes, empty for a visitor")
    func visitor() async throws {
        let world = try PortalWorld()
        let answer = try await world.ask("wiki.localhost", "/public/x")
        #expect(answer.status == .ok)
        for name in [HTTPField.Name.remoteUser, .remoteGroups, .remoteName, .remoteEmail] {
            #expect(answer.headers[values: name] == [""])
        }
    }

    @Test("send browsers to the login, and tell other clients that they need one")
    func anonymous() async throws {
        let world = try PortalWorld()
        let browser = try await world.ask("wiki.localhost", "/a?b=c&d")
        #expect(browser.status == .found)
        #expect(browser.location == "http://wiki.localhost/.ent-login/start?rd=%2Fa%3Fb%3Dc%26d")
        let form = try await world.ask("wiki.localhost", "/a", method: "POST")
        #expect(form.status == .seeOther && form.location == "http://wiki.localhost/.ent-login/start?rd=%2F")
        for headers: HTTPFields in [
            [.accept: "application/json"], [.accept: "text/html", .secFetchMode: "cors"],
            [.accept: "text/html", .requestedWith: "XMLHttpRequest"],
        ] {
            let program = try await world.ask("wiki.localhost", more: headers)
            #expect(program.status == .unauthorized && program.location == nil)
            #expect(program.headers[.wwwAuthenticate] != nil)
        }
    }

    @Test("forbid what no rule allows, without sending anybody round in a circle")
    func forbidden() async throws {
        let rule = AccessRuleConfiguration(host: "wiki.localhost")
        var shut = AccessRuleConfiguration(host: "hr.localhost")
        shut.allow = .nobody
        let world = try PortalWorld(rules: [rule, shut])
        let browser = world.browser()
        try await Self.enter(world, browser)
        for host in ["hr.localhost", "other.localhost"] {
            let answer = try await world.ask(host, cookies: browser["wiki.localhost"])
            #expect(answer.status == .forbidden && answer.location == nil && answer.headers[.remoteUser] == nil)
        }
        for target in ["/x", "/%2e%2e/x"] {
            #expect(try await world.ask("wiki.localhost", target, cookies: browser["wiki.localhost"]).status == .ok)
        }
    }

    @Test("say that nobody can say, and never no, where that is so; what everybody may see stays open")
    func outage() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await Self.enter(world, browser)
        world.clock.advance(by: .seconds(1200))
        world.provider.set(outage: PortalWorld.outage)
        let cookies = browser["wiki.localhost"]
        let answer = try await world.ask("wiki.localhost", cookies: cookies)
        #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] != nil)
        #expect(answer.headers[.remoteUser] == nil)
        let open = try await world.ask("wiki.localhost", "/public", cookies: cookies)
        #expect(open.status == .ok && open.headers[.remoteUser] == "")
        world.provider.set(outage: nil)
        world.clock.advance(by: .seconds(30))
        #expect(try await world.ask("wiki.localhost", cookies: cookies).status == .ok)
    }

    @Test("stay yes while the portal replaces its own token, with a cookie for each host and with one for all")
    func renewal() async throws {
        let world = try PortalWorld()
        let browser = world.browser()
        try await Self.enter(world, browser)
        let first = browser["localhost"]
        world.clock.advance(by: .seconds(900))
        _ = try await browser.get(PortalWorld.portal + "/")
        #expect(browser["localhost"]["__Host-ent_login"] != first["__Host-ent_login"])
        #expect(try await world.ask("wiki.localhost", cookies: browser["wiki.localhost"]).status == .ok)

        let shared = try PortalWorld { $0.session.cookie.domain = "localhost" }
        let other = shared.browser()
        try await shared.login(other)
        let old = other["localhost"]
        shared.clock.advance(by: .seconds(900))
        _ = try await other.get(PortalWorld.portal + "/")
        for cookies in [old, other["localhost"]] {
            #expect(try await shared.ask("wiki.localhost", cookies: cookies).status == .ok)
        }
        shared.clock.advance(by: .seconds(30))
        #expect(try await shared.ask("wiki.localhost", cookies: old).status == .found)
        #expect(try await shared.ask("wiki.localhost", cookies: other["localhost"]).status == .ok)
    }

    @Test("believe nobody but the proxies that are named", arguments: ["192.0.2.1", "127.0.0.2", "::1", nil])
    func untrusted(peer: String?) async throws {
        let world = try PortalWorld()
        let proxy = world.proxy(peer: peer)
        for dialect in ForwardAuthDialect.allCases {
            let headers: HTTPFields = [
                .forwardedMethod: "GET", .forwardedProto: "http", .forwardedHost: "wiki.localhost",
                .forwardedUri: "/public", .originalURL: "http://wiki.localhost/public", .originalMethod: "GET",
            ]
            let answer = try await proxy.get("http://wiki.localhost/api/authz/\(dialect.rawValue)/public", headers)
            #expect(answer.status == .internalServerError && answer.headers[.remoteUser] == nil)
        }
    }

    @Test("read one dialect's headers only, each of them once")
    func dialects() async throws {
        let world = try PortalWorld()
        let proxy = world.proxy()
        let forward: HTTPFields = [
            .forwardedMethod: "GET", .forwardedProto: "https", .forwardedHost: "wiki.localhost",
            .forwardedUri: "/public",
        ]
        let original: HTTPFields = [.originalURL: "https://wiki.localhost/public", .originalMethod: "GET"]
        let path = "http://authz/api/authz/"
        #expect(try await proxy.get(path + "forward-auth", forward).status == .ok)
        #expect(try await proxy.get(path + "auth-request", original).status == .ok)
        #expect(try await proxy.get("http://wiki.localhost/api/authz/ext-authz/public?x").status == .ok)
        // What another dialect says counts for nothing.
        #expect(try await proxy.get(path + "forward-auth", original).status == .internalServerError)
        #expect(try await proxy.get(path + "auth-request", forward).status == .internalServerError)
        var both = original
        both[.originalURL] = "https://wiki.localhost/private"
        both.append(HTTPField(name: .forwardedUri, value: "/public"))
        #expect(try await proxy.get(path + "auth-request", both).status == .unauthorized)
        for name in [HTTPField.Name.forwardedMethod, .forwardedProto, .forwardedHost, .forwardedUri] {
            var missing = forward
            missing[name] = nil
            #expect(try await proxy.get(path + "forward-auth", missing).status == .internalServerError)
            var twice = forward
            twice.append(HTTPField(name: name, value: "x"))
            #expect(try await proxy.get(path + "forward-auth", twice).status == .internalServerError)
        }
        // This is a browser's doing, and not the proxy's.
        var odd = forward
        odd[.forwardedUri] = "/a b"
        #expect(try await proxy.get(path + "forward-auth", odd).status == .badRequest)
        #expect(try await proxy.get(path + "forward-authx", forward).status == .notFound)
    }

    @Test("answer nginx with what it understands: 200, 401 with the way to the login, 403")
    func nginx() async throws {
        let world = try PortalWorld()
        let proxy = world.proxy()
        let headers: HTTPFields = [.originalURL: "http://wiki.localhost/a?b", .originalMethod: "GET"]
        let anonymous = try await proxy.get("http://authz/api/authz/auth-request", headers)
        #expect(anonymous.status == .unauthorized)
        #expect(anonymous.location == "http://wiki.localhost/.ent-login/start?rd=%2Fa%3Fb")
        let other: HTTPFields = [.originalURL: "http://other.example/", .originalMethod: "GET"]
        #expect(try await proxy.get("http://authz/api/authz/auth-request", other).status == .forbidden)
    }

    @Test("answer HEAD as GET, without a body, and every other method too", arguments: ["HEAD", "POST", "PROPFIND"])
    func methods(_ method: String) async throws {
        let world = try PortalWorld()
        let head = try #require(HTTPRequest.Method(method))
        let answer = try await world.proxy().send(head, "http://wiki.localhost/api/authz/ext-authz/public")
        #expect(answer.status == .ok)
        let forbidden = try await world.proxy().send(head, "http://other.example/api/authz/ext-authz/")
        #expect(forbidden.status == .forbidden && forbidden.text.isEmpty == (method == "HEAD"))
        let unknown = try await world.browser().send(head, "http://other.example/x")
        #expect(unknown.status == .misdirectedRequest && unknown.text.isEmpty == (method == "HEAD"))
    }

    @Test("lead back to a page, but to none whose address is too long for the way")
    func longAddress() async throws {
        let world = try PortalWorld()
        let long = "/search?q=" + String(repeating: "x", count: 3000)
        #expect(try await world.ask("wiki.localhost", long).location?.contains("xxx") == true)
        let longer = "/search?q=" + String(repeating: "%20", count: 1000)
        #expect(
            try await world.ask("wiki.localhost", longer).location == "http://wiki.localhost/.ent-login/start?rd=%2F"
        )
        let browser = world.browser()
        let answer = try await world.ask("wiki.localhost", long)
        let start = try #require(answer.location)
        let (_, login) = try await browser.follow(try await browser.get(start), from: start)
        let (_, end) = try await browser.follow(
            try await world.login(browser, at: login),
            from: PortalWorld.portal,
            times: 3
        )
        #expect(end == PortalWorld.wiki + long)
    }

    @Test("tell a proxy that it must hand the portal's own paths on, instead of sending browsers round in a circle")
    func ownPaths() async throws {
        let world = try PortalWorld()
        #expect(try await world.ask("wiki.localhost", "/.ent-login/start").status == .internalServerError)
    }

    @Test("are told to the audit log where somebody may not pass, once for a page with many pictures")
    func audit() async throws {
        var shut = AccessRuleConfiguration(host: "wiki.localhost")
        shut.paths = ["/secret"]
        shut.allow = .nobody
        let world = try PortalWorld(rules: [shut, AccessRuleConfiguration(host: "wiki.localhost")])
        let browser = world.browser()
        try await Self.enter(world, browser)
        for target in ["/secret?key=1", "/secret/a.png", "/secret/b.png"] {
            _ = try await world.ask("wiki.localhost", target, cookies: browser["wiki.localhost"])
        }
        let events = world.audit.events.filter { $0.kind == .access }
        #expect(events.count == 1)
        #expect(events.first?.name == "alice" && events.first?.outcome == .refused)
        #expect(events.first?.detail.hasPrefix("GET wiki.localhost/secret:") == true)
    }

    @Test("let nobody forge a header by a name")
    func injection() {
        for name in ["a\r\nX: y", "a,b", " a ", "\u{0}", "é"] {
            let text = IdentityHeaders.encoded(name)
            #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains(","))
            #expect(!text.hasPrefix(" ") && !text.hasSuffix(" "))
        }
        #expect(IdentityHeaders.encoded("a%b") != IdentityHeaders.encoded("a%25b"))
    }
}
