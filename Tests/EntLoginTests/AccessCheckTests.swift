import TestBed
import Testing

@Suite("access-check")
struct AccessCheckTests {
    private static let rules = """
        [portal]
        public_url = "https://login.example.org"
        trusted_proxies = ["127.0.0.1/32"]

        [[portal.access]]
        host = "wiki.example.org"
        paths = ["/public"]
        allow = "everyone"

        [[portal.access]]
        host = "wiki.example.org"
        groups = { any = ["research"] }

        """

    @Test(
        "prints the rule that decides",
        arguments: [
            ("https://wiki.example.org/public/x", nil, 0, "allowed", 0),
            ("https://wiki.example.org/", nil, 77, "login_required", 1),
            ("https://wiki.example.org/docs?x=/public", "nina", 0, "allowed", 1),
            ("https://WIKI.example.org:8443/docs", "alice", 77, "forbidden", 1),
            ("https://wiki.example.org/public/../docs", "nina", 77, "forbidden", 0),
            ("https://wiki.example.org/docs", "sam", 77, "forbidden", 1),
            ("https://wiki.example.org/docs", "nobody-of-that-name", 77, "login_required", 1),
            ("https://mail.example.org", "nina", 77, "forbidden", nil),
        ] as [(String, String?, Int32, String, Int?)]
    )
    func decision(url: String, user: String?, status: Int32, verdict: String, rule: Int?) async throws {
        let world = try await LoginWorld(.init(more: Self.rules))
        let who = user.map { ["--user", $0] } ?? []
        let run = try await world.program.run(["access-check", url, "--json", "--config", world.path] + who)
        #expect(run.status == status, "\(run.output)\(run.errors)")
        let json = try run.json()
        #expect(json["verdict"] as? String == verdict)
        #expect(json["rule"] as? Int == rule)
        let text = try await world.program.run(["access-check", url, "--config", world.path] + who)
        #expect(text.output.hasPrefix("\(verdict.replacing("_", with: " ")): "))
        #expect(rule == nil || text.output.contains("portal.access[\(rule ?? -1)]"))
    }

    @Test("names a group that does not exist, and says that nobody can say")
    func missingGroup() async throws {
        let world = try await LoginWorld(.init(more: Self.rules.replacing("\"research\"", with: "\"reserch\"")))
        let run = try await world.run("access-check", "https://wiki.example.org/", "--user", "nina")
        #expect(run.status == 75)
        #expect(run.errors.contains("there is no group “reserch”"))
        let check = try await world.run("check", "--live")
        #expect(check.status == 78)
        #expect(check.errors.contains("portal.access[1].groups") && check.errors.contains("reserch"))
        // People log in all the same.
        #expect(try await world.login("nina", "open-nina").status == 0)
    }

    @Test(
        "takes no URL that is none",
        arguments: ["wiki.example.org", "ftp://x/", "https://", "https://u@h/", "https://[::1]/"]
    )
    func usage(url: String) async throws {
        let world = try await LoginWorld(.init(more: Self.rules))
        #expect(try await world.run("access-check", url).status == 64)
    }
}
