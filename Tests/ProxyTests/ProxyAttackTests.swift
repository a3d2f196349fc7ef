import Foundation
import TestBed
import TestWeb
import Testing

/// What somebody outside may send to a proxy; none of it may make a difference.
@Suite("Behind each proxy, an attacker")
struct ProxyAttackTests {
    /// Headers that a proxy or the portal would believe if they came from inside.
    private static let spoofed = [
        "Remote-User: root", "Remote_User: root", "Remote.User: root", "REMOTE-USER: root",
        "remote-groups: engineering",
        "Remote_Groups: engineering", "Remote.Groups: engineering", "Remote-Name: root", "Remote_Name: root",
        "Remote-Email: root@example.org", "Remote_Email: root@example.org",
    ]
    private static let elsewhere = [
        "X-Original-URL: https://wiki.example.org/public/", "X-Original-Method: GET", "X-Original-URI: /public/",
        "X-Forwarded-Method: GET", "X-Forwarded-Uri: /public/", "X-Forwarded-Host: open.example.org",
        "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7", "X-Real-IP: 192.0.2.7",
        "Forwarded: for=192.0.2.7;host=open.example.org;proto=https", "X-Rewrite-URL: /public/",
        "X_Forwarded_For: 192.0.2.7", "X_Original_URL: https://wiki.example.org/public/",
    ]

    @Test("gets nowhere by headers", arguments: ProxyServer.Kind.allCases)
    func withoutSession(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        for target in ["/docs", "/machines/status", "/engineering/"] {
            for headers in [Self.spoofed, Self.elsewhere, Self.spoofed + Self.elsewhere]
                + (Self.spoofed + Self.elsewhere).map({ [$0] })
            {
                let answer = try await browser.send("GET", target, headers: headers)
                #expect(!answer.isOfApplication && answer.status != 200, "\(target) \(headers): \(answer)\(world.log)")
            }
        }
        let open = try SeenRequest(try await browser.send("GET", "/public/", headers: Self.spoofed))
        for name in ["Remote-User", "Remote-Groups", "Remote-Name", "Remote-Email"] {
            #expect(open.folded(name) == [], "\(name) is only what the portal says")
        }
    }

    @Test("with a session of their own is nobody else", arguments: ProxyServer.Kind.allCases)
    func withSession(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        _ = try await browser.logIn(try await browser.visit("/"), as: .named("bob"))
        let answer = try await browser.send("GET", "/docs", headers: Self.spoofed + Self.elsewhere)
        let seen = try SeenRequest(answer)
        #expect(seen.folded("Remote-User") == ["bob"])
        #expect(seen.folded("Remote-Groups").count == 1)
        #expect(seen.folded("Remote-Groups").first?.contains("engineering") == false)
        #expect(seen.folded("Remote-Name").allSatisfy { $0 != "root" })
        #expect(seen.folded("Remote-Email").allSatisfy { $0 != "root@example.org" })
        #expect(seen.folded("X-Forwarded-For") == ["127.0.0.1"])
        #expect(seen.folded("X-Forwarded-Host").allSatisfy { $0 == ProxyWorld.wiki })
        #expect(seen.folded("X-Original-URL") == [] && seen.folded("X-Forwarded-Uri") == [])
        #expect(seen["Forwarded"] == [])
        let forbidden = try await browser.send("GET", "/engineering/", headers: Self.spoofed + Self.elsewhere)
        #expect(forbidden.status == 403 && !forbidden.isOfApplication, "\(forbidden)")
    }

    @Test("cannot have a proxy drop what it has written itself", arguments: ProxyServer.Kind.allCases)
    func hopByHop(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        _ = try await browser.logIn(try await browser.visit("/"), as: .named("bob"))
        // What Connection names is for the next hop only, and taken away there (RFC 9110, section 7.6.1).
        let names = "Remote-User, Remote-Groups, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Uri"
        let attempts = [
            ["Connection: close, \(names)"],
            ["Connection: upgrade, HTTP2-Settings, \(names)", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
        ]
        for lines in attempts {
            let seen = try SeenRequest(try await browser.send("GET", "/docs", headers: lines))
            #expect(seen.folded("Remote-User") == ["bob"], "\(lines)")
            #expect(seen.folded("Remote-Groups").count == 1, "\(lines)")
            #expect(seen.folded("X-Forwarded-For") == ["127.0.0.1"], "\(lines)")
            // A tunnel around the portal, if the application knows it (RFC 7540, section 3.2).
            #expect(seen["Upgrade"] == [], "\(lines)")
            let forbidden = try await browser.send("GET", "/engineering/", headers: lines)
            #expect(forbidden.status == 403 && !forbidden.isOfApplication, "\(lines): \(forbidden)")
        }
    }

    @Test("gets nowhere by addresses that programs read differently", arguments: ProxyServer.Kind.allCases)
    func paths(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let stranger = Browser(world)
        let bob = Browser(world)
        _ = try await bob.logIn(try await bob.visit("/"), as: .named("bob"))
        let targets = [
            "/engineering", "/engineering/", "/%65ngineering/", "//engineering/", "/./engineering/",
            "/x/../engineering/",
            "/public/../engineering/", "/public/%2e%2e/engineering/", "/public/..%2fengineering/", "/engineering%2f",
            "/engineering;x=1/", "/engineering/?/public/", "/public/..;/engineering/", "/public\\..\\engineering/",
            "/public/%5c..%5cengineering/", "/.ent-login/../engineering/", "/.ent-login/%2e%2e/engineering/",
            "/.ent-login/..%2fengineering/", "/.ent-login//../engineering/", "/%2eent-login/../engineering/",
            "/.ent-login/start/../../engineering/", "/.ent-login-authz/../engineering/", "/engineering%00",
        ]
        for target in targets {
            for (who, browser) in [("a stranger", stranger), ("bob", bob)] {
                guard let answer = try? await browser.send("GET", target) else { continue }
                #expect(!answer.isOfApplication && answer.status != 200, "\(who), \(target): \(answer)\(world.log)")
            }
        }
        for target in ["/.ent-login-authz", "/api/authz/auth-request", "/.ent-login/", "/.ent-login/x"] {
            let answer = try await stranger.send("GET", target)
            #expect(!answer.isOfApplication && answer.status != 200, "\(target): \(answer)")
        }
        #expect(try await stranger.send("GET", "/api/authz/auth-request", at: ProxyWorld.login).status == 404)
        #expect(try await stranger.send("GET", "/metrics", at: ProxyWorld.login).status == 404)
    }

    @Test("gets nowhere by naming two hosts", arguments: ProxyServer.Kind.allCases)
    func hosts(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let connection = world.connection(to: ProxyWorld.wiki)
        let requests = [
            "GET https://wiki.example.org/docs HTTP/1.1\r\nHost: open.example.org",
            "GET https://open.example.org/docs HTTP/1.1\r\nHost: wiki.example.org",
            "GET /docs HTTP/1.1\r\nHost: open.example.org",
            "GET /docs HTTP/1.1\r\nHost: open.example.org\r\nHost: wiki.example.org",
            "GET /docs HTTP/1.1\r\nHost: wiki.example.org\r\nHost: open.example.org",
            "GET /docs HTTP/1.1\r\nHost: wiki.example.org.",
            "GET /docs HTTP/1.1\r\nHost: WIKI.example.org",
            "GET /docs HTTP/1.1\r\nHost: wiki.example.org:80",
            "GET /docs HTTP/1.0",
        ]
        for request in requests {
            let text = request + "\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
            guard let answer = try? await connection.exchange(text) else { continue }
            #expect(!answer.isOfApplication && answer.status != 200, "\(request): \(answer)\(world.log)")
        }
    }

    @Test("cannot use a cookie of one host at another, or of somebody twice", arguments: ProxyServer.Kind.allCases)
    func cookies(_ kind: ProxyServer.Kind) async throws {
        let world = try await ProxyWorld.start(kind)
        let browser = Browser(world)
        _ = try await browser.logIn(try await browser.visit("/"), as: .named("alice"))
        let jar = await browser.cookies
        let own = try #require(jar[ProxyWorld.wiki]?["__Host-ent_login"])
        let portals = try #require(jar[ProxyWorld.login]?["__Host-ent_login"])
        let stranger = Browser(world)
        let attempts = [
            "Cookie: __Host-ent_login=\(portals)", "Cookie: __Host-ent_login=\(portals); __Host-ent_login=\(own)",
            "Cookie: ent_login=\(own)", "Cookie: __Host-ent_login=\(own)x", "Cookie: __host-ent_login=\(own)",
        ]
        for attempt in attempts {
            let answer = try await stranger.send("GET", "/docs", headers: [attempt])
            #expect(!answer.isOfApplication, "\(attempt): \(answer)")
        }
        let copies =
            "Cookie: a=1; __Host-ent_login=x; __Host-ent_login=y;__Host-ent_login=z; b=2; __Host-ent_login_state=s"
        let seen = try SeenRequest(try await stranger.send("GET", "/public/", headers: [copies]))
        #expect(!seen["Cookie"].joined().contains("ent_login"))
    }
}
