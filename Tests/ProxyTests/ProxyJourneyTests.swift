import Foundation
import TestBed
import TestWeb
import Testing

/// Each proxy with its recipe as it stands in `config/proxies`, before the portal as it is shipped.
@Suite("Behind each proxy, people")
struct ProxyJourneyTests {
    @Test("log in on the way to a page and arrive there", arguments: ProxyServer.Kind.allCases)
    func login(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        await browser.add("theme", "dark", at: ProxyWorld.wiki)
        let page = try await browser.visit("/docs/page?x=1&y=a%20b")
        #expect(page.status == 200 && page.body.contains("name=\"password\""), "\(page)\(world.log)")

        let end = try await browser.logIn(page, as: .named("alice"))
        let trail = await browser.trail
        try #require(end.isOfApplication, "\(end)\(trail)\(world.log)")
        let seen = try SeenRequest(end)
        #expect(seen.target == "/docs/page?x=1&y=a%20b")
        #expect(seen["Remote-User"] == ["alice"])
        #expect(seen["Remote-Groups"].first?.split(separator: ",").contains("employees") == true)
        #expect(seen["Remote-Name"].count == 1 && seen["Remote-Email"].count == 1)
        #expect(seen["Cookie"].joined() == "theme=dark", "our cookies are not the application's business")
        #expect(seen["X-Forwarded-Proto"] == ["https"])
        #expect(seen["X-Forwarded-For"] == ["127.0.0.1"])
        #expect(seen["Host"] == [ProxyWorld.wiki])
        let names = await browser.cookies[ProxyWorld.wiki]?.keys.sorted()
        #expect(names == ["__Host-ent_login", "__Host-ent_login_state", "theme"])
    }

    @Test("see pages, send forms and ask for heads with their session", arguments: ProxyServer.Kind.allCases)
    func methods(_ kind: ProxyServer.Kind) async throws {
        let browser = try await loggedIn(kind, as: "alice")
        let head = try await browser.send("HEAD", "/docs")
        #expect(head.status == 200 && head.isOfApplication && head.body.isEmpty, "\(head)")
        let form = String(repeating: "a=b&", count: 5_000)
        let post = try SeenRequest(try await browser.send("POST", "/save?id=1", body: form))
        #expect(post.method == "POST" && post.target == "/save?id=1" && post.length == form.utf8.count)
        #expect(post["Remote-User"] == ["alice"])
        for method in ["PUT", "DELETE", "OPTIONS"] {
            #expect(try SeenRequest(try await browser.send(method, "/item")).method == method)
        }
    }

    @Test("without a session get nothing, each in their own way", arguments: ProxyServer.Kind.allCases)
    func anonymous(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        let start = "https://\(ProxyWorld.wiki)/.ent-login/start?rd="
        for method in ["GET", "HEAD", "POST", "DELETE"] {
            let answer = try await browser.send(method, "/docs", body: method == "POST" ? "a=b" : nil)
            #expect([302, 303].contains(answer.status) && !answer.isOfApplication, "\(method): \(answer)\(world.log)")
            #expect(answer["Location"]?.hasPrefix(start) == true, "\(method): \(answer)")
        }
        for header in ["X-Requested-With: XMLHttpRequest", "Sec-Fetch-Mode: cors"] {
            let answer = try await browser.send("GET", "/api", headers: [header])
            #expect(answer.status == 401 && !answer.isOfApplication, "\(header): \(answer)")
        }
        let open = try SeenRequest(try await browser.send("GET", "/public/page"))
        #expect(open["Remote-User"].joined().isEmpty, "nobody is nobody where everyone may pass")
        #expect(try await browser.send("POST", "/public/page", body: "").isOfApplication == false)
        #expect(try await browser.send("HEAD", "/public/page").isOfApplication)
    }

    @Test("who are not in the group are told so, and do not go round in a circle", arguments: ProxyServer.Kind.allCases)
    func forbidden(_ kind: ProxyServer.Kind) async throws {
        let browser = try await loggedIn(kind, as: "bob")
        let answer = try await browser.visit("/engineering/plans")
        #expect(answer.status == 403 && !answer.isOfApplication, "\(answer)")
        #expect(try await browser.visit("/docs").isOfApplication, "the session is as good as before")
        let upload = try await browser.send("POST", "/engineering/plans", body: String(repeating: "a", count: 300_000))
        #expect(upload.status == 403 && !upload.isOfApplication, "\(upload)")
        #expect(try await browser.send("HEAD", "/engineering/plans").status == 403)
        // The portal's page, which must find its style sheet at this host.
        let link = try #require(answer.body.firstMatch(of: #/<link[^>]*stylesheet[^>]*href="([^"]+)"/#), "\(answer)")
        let style = try await browser.send("GET", String(link.1))
        #expect(style.status == 200 && style["Content-Type"]?.hasPrefix("text/css") == true, "\(style)")
        #expect(answer["Content-Type"]?.hasPrefix("text/html") == true && answer["Content-Security-Policy"] != nil)
    }

    @Test("who log out at the portal are out everywhere", arguments: ProxyServer.Kind.allCases)
    func logout(_ kind: ProxyServer.Kind) async throws {
        let browser = try await loggedIn(kind, as: "alice")
        let account = try await browser.visit("/", at: ProxyWorld.login)
        _ = try await browser.submit(Browser.fields(of: account).filter { $0.key == "csrf" }, to: "/logout")
        let answer = try await browser.send("GET", "/docs")
        #expect([302, 303].contains(answer.status) && !answer.isOfApplication, "\(answer)")
    }

    @Test("open WebSockets with a session, and none without", arguments: ProxyServer.Kind.allCases)
    func webSockets(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        let refused = try await browser.webSocket("/live", message: "ping")
        #expect(refused.answer.status == 401 && !refused.answer.isOfApplication, "\(refused.answer)\(world.log)")
        _ = try await browser.logIn(try await browser.visit("/"), as: .named("alice"))
        let (answer, received) = try await browser.webSocket("/live?room=1", message: "are you there?")
        #expect(answer.status == 101 && answer.isOfApplication, "\(answer)\(world.log)")
        #expect(received.contains("are you there?"))
        #expect(received.contains("\"/live?room=1\"") && received.contains("alice"))
        #expect(!received.contains("__Host-"))
    }

    @Test("are never taken for one another", arguments: ProxyServer.Kind.allCases)
    func crowd(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let names = ["alice", "bob", "carol"]
        var browsers: [String: Browser] = [:]
        for name in names {
            let browser = Browser(world)
            _ = try await browser.logIn(try await browser.visit("/"), as: .named(name))
            browsers[name] = browser
        }
        let stranger = Browser(world)
        try await withThrowingTaskGroup { [browsers] group in
            for turn in 0..<120 {
                let name = names[turn % names.count]
                guard let browser = browsers[name] else { continue }
                group.addTask {
                    let seen = try SeenRequest(try await browser.send("GET", "/docs?turn=\(turn)"))
                    #expect(seen["Remote-User"] == [name], "\(name): \(seen)")
                    #expect(seen.target == "/docs?turn=\(turn)")
                    guard turn % 4 == 0 else { return }
                    #expect(try await stranger.send("GET", "/docs?turn=\(turn)").isOfApplication == false)
                }
            }
            try await group.waitForAll()
        }
    }

    // Browsers send each cookie in a field of its own there (RFC 9113, section 8.2.3). The recipe for Apache has no HTTP/2.
    @Test(
        "have their session over HTTP/2 as well",
        .enabled(if: Obstacle.missing("curl") == nil, "curl is not installed"),
        arguments: [ProxyServer.Kind.nginx, .caddy, .haproxy]
    )
    func http2(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        _ = try await browser.logIn(try await browser.visit("/"), as: .named("alice"))
        let token = try #require(await browser.cookies[ProxyWorld.wiki]?["__Host-ent_login"])
        let arguments = [
            "--http2", "-sS", "-i", "--cacert", world.proxy.certificateFile, "--max-time", "20", "--connect-to",
            "::127.0.0.1:\(world.proxy.port)", "-H", "Cookie: a=1", "-H", "Cookie: __Host-ent_login=\(token)", "-H",
            "Cookie: b=2", "-H", "Remote-User: root", "https://\(ProxyWorld.wiki)/docs",
        ]
        let result = try await Command.run("curl", arguments)
        #expect(result.output.hasPrefix("HTTP/2 200"), "\(result.output)\(result.errors)")
        let body = try #require(result.output.split(separator: "\r\n\r\n", maxSplits: 1).last)
        let answer = WebAnswer(status: 200, headers: [("X-Application", "echo")], body: String(body))
        let seen = try SeenRequest(answer)
        #expect(seen["Remote-User"] == ["alice"])
        #expect(!seen["Cookie"].joined().contains("ent_login"))
        #expect(seen["Cookie"].joined(separator: "; ") == "a=1; b=2")
    }

    private func loggedIn(_ kind: ProxyServer.Kind, as name: String) async throws -> Browser {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        let end = try await browser.logIn(try await browser.visit("/"), as: .named(name))
        try #require(end.isOfApplication, "\(end)\(world.log)")
        return browser
    }
}
