import EnterpriseAuth
import Logging
import Synchronization
import Testing

/// The host's group file, in memory.
private final class TableGroups: LocalGroups {
    struct Unreadable: Error {}

    let names = Mutex<Set<String>?>(["wiki", "barred"])

    func hasGroup(named name: String, deadline: ContinuousClock.Instant) async throws -> Bool {
        guard let names = names.withLock({ $0 }) else { throw Unreadable() }
        return names.contains(name)
    }

    func groups(of loginName: String, uid: UInt32, deadline: ContinuousClock.Instant) async throws -> [String]? {
        nil
    }
}

@Suite("The access rules")
struct AccessPolicyTests {
    private static let groups = TableGroups()

    private static func rule(
        _ host: String,
        _ change: (inout AccessRuleConfiguration) -> Void = { _ in }
    ) -> AccessRuleConfiguration {
        var rule = AccessRuleConfiguration(host: host)
        change(&rule)
        return rule
    }

    private static func policy(
        _ rules: [AccessRuleConfiguration],
        groups: TableGroups = groups
    ) -> AccessPolicy {
        var active = ActiveConfiguration()
        active.source = .unix
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return AccessPolicy(rules, active: active, directory: nil, localGroups: groups, logger: logger)
    }

    private static func user(
        _ groups: [String] = [],
        isActive: Bool = true,
        source: IdentitySource = .local(provider: "host", uid: 1000)
    ) -> DirectoryUser {
        let id = UserID(source: "host", value: "anna")
        let identity = Identity(userID: id, loginName: "anna", provider: "host", source: source)
        return DirectoryUser(identity: identity, groups: groups, isActive: isActive)
    }

    /// The verdict in a word, and which rule gave it.
    private static func ask(
        _ policy: AccessPolicy,
        _ host: String,
        _ target: String = "/",
        method: String = "GET",
        from address: String? = "192.0.2.7",
        as user: DirectoryUser? = user()
    ) throws -> String {
        let request = try #require(AccessRequest(method: method, host: host, target: target, address: address))
        let decision = policy.decide(request, for: user, checkedAt: nil)
        let word =
            switch decision.verdict {
            case .allowed: "allowed"
            case .loginRequired: "login"
            case .forbidden: "forbidden"
            case .unavailable: "unavailable"
            case .askAgain: "again"
            }
        #expect(!decision.reason.isEmpty)
        return decision.rule.map { "\(word) \($0)" } ?? word
    }

    @Test("let nobody pass where none matches, not even before a login")
    func defaultDeny() throws {
        let policy = Self.policy([Self.rule("wiki.example.org")])
        for user in [Self.user(), nil] {
            #expect(try Self.ask(policy, "other.example.org", as: user) == "forbidden")
        }
        #expect(try Self.ask(Self.policy([]), "wiki.example.org") == "forbidden")
    }

    @Test("let active people pass, ask visitors to log in, and send nobody there twice")
    func people() throws {
        let policy = Self.policy([
            Self.rule("wiki.example.org"), Self.rule("open.example.org") { $0.allow = .everyone },
            Self.rule("shut.example.org") { $0.allow = .nobody },
        ])
        #expect(try Self.ask(policy, "wiki.example.org") == "allowed 0")
        #expect(try Self.ask(policy, "wiki.example.org", as: nil) == "login 0")
        #expect(try Self.ask(policy, "wiki.example.org", as: Self.user(isActive: false)) == "forbidden 0")
        #expect(try Self.ask(policy, "open.example.org", as: nil) == "allowed 1")
        #expect(try Self.ask(policy, "shut.example.org") == "forbidden 2")
        #expect(try Self.ask(policy, "shut.example.org", as: nil) == "forbidden 2")
    }

    @Test("are tried in order, and the first that matches decides")
    func order() throws {
        let policy = Self.policy([
            Self.rule("wiki.example.org") { rule in
                rule.paths = ["/public/", "/about"]
                rule.methods = ["GET", "HEAD"]
                rule.allow = .everyone
            },
            Self.rule("wiki.example.org") { rule in
                rule.networks = ["10.0.0.0/8", "2001:db8::/32"].compactMap { NetworkRange(parsing: $0) }
                rule.allow = .nobody
            },
            Self.rule("*.example.org"),
        ])
        let cases: [(String, String, String, String)] = [
            ("GET", "/public", "192.0.2.7", "allowed 0"), ("HEAD", "/public/x?y", "192.0.2.7", "allowed 0"),
            ("POST", "/public", "192.0.2.7", "login 2"), ("GET", "/publicity", "192.0.2.7", "login 2"),
            ("GET", "/about", "10.1.2.3", "allowed 0"), ("GET", "/x", "10.1.2.3", "forbidden 1"),
            ("GET", "/x", "::ffff:10.1.2.3", "forbidden 1"), ("GET", "/x", "2001:db8::1", "forbidden 1"),
            ("GET", "/x", "11.1.2.3", "login 2"),
        ]
        for (method, target, address, expected) in cases {
            let found = try Self.ask(policy, "wiki.example.org", target, method: method, from: address, as: nil)
            #expect(found == expected, "\(method) \(target) \(address)")
        }
    }

    @Test(
        "take an IPv4 network for what it is, also in its IPv6 coat",
        arguments: ["10.0.0.0/8", "::ffff:10.0.0.0/104"]
    )
    func coat(network: String) throws {
        let policy = Self.policy([
            Self.rule("wiki.example.org") { rule in
                rule.networks = [network].compactMap { NetworkRange(parsing: $0) }
                rule.allow = .nobody
            },
            Self.rule("wiki.example.org") { $0.allow = .everyone },
        ])
        for address in ["10.1.2.3", "::ffff:10.1.2.3"] {
            #expect(try Self.ask(policy, "wiki.example.org", from: address) == "forbidden 0", "\(address)")
        }
        #expect(try Self.ask(policy, "wiki.example.org", from: "11.1.2.3") == "allowed 1")
    }

    @Test("mean every subdomain by a star, and not the domain itself")
    func star() throws {
        let policy = Self.policy([Self.rule("*.example.org")])
        #expect(try Self.ask(policy, "a.example.org") == "allowed 0")
        #expect(try Self.ask(policy, "a.b.example.org") == "allowed 0")
        for host in ["example.org", "evilexample.org", "a.example.org.evil.net", "a.example.com"] {
            #expect(try Self.ask(policy, host) == "forbidden", "\(host)")
        }
    }

    @Test("forbid where it cannot be told whether one matches, and never fall to a laxer one")
    func doubt() throws {
        let policy = Self.policy([
            Self.rule("wiki.example.org") { rule in
                rule.paths = ["/admin"]
                rule.allow = .nobody
            },
            Self.rule("wiki.example.org") { $0.allow = .everyone },
            Self.rule("net.example.org") { rule in
                rule.networks = [NetworkRange(bytes: [10, 0, 0, 0], prefixLength: 8)].compactMap { $0 }
                rule.allow = .nobody
            },
            Self.rule("net.example.org") { $0.allow = .everyone },
        ])
        for target in ["/x//admin", "/%2e%2e/admin", "/admin;x", "/x%2fadmin", "/%2561dmin", "admin"] {
            #expect(try Self.ask(policy, "wiki.example.org", target) == "forbidden 0", "\(target)")
        }
        for target in ["/admin", "/%61dmin", "/admin/x", "/admin?x"] {
            #expect(try Self.ask(policy, "wiki.example.org", target) == "forbidden 0", "\(target)")
        }
        #expect(try Self.ask(policy, "wiki.example.org", "/x") == "allowed 1")
        #expect(try Self.ask(policy, "net.example.org", from: nil) == "forbidden 2")
        #expect(try Self.ask(policy, "net.example.org", from: "somewhere") == "forbidden 2")
        #expect(try Self.ask(policy, "net.example.org", "//x;y", from: "192.0.2.1") == "allowed 3")
    }

    @Test("forbid methods that programs may spell differently", arguments: ["get", "", "G T", "GET\n", "GÉT", "Get"])
    func methods(_ method: String) throws {
        let policy = Self.policy([Self.rule("wiki.example.org") { $0.allow = .everyone }])
        #expect(try Self.ask(policy, "wiki.example.org", method: method) == "forbidden")
        #expect(try Self.ask(policy, "wiki.example.org", method: "PROPFIND") == "allowed 0")
    }

    @Test("compare groups of local people with the host's, once these have been looked up")
    func localGroups() async throws {
        let groups = TableGroups()
        let policy = Self.policy(
            [
                Self.rule("wiki.example.org") { rule in
                    rule.groups = GroupRequirementConfiguration(any: ["wiki"], none: ["barred"])
                }
            ],
            groups: groups
        )
        let member = Self.user(["wiki"])
        #expect(try Self.ask(policy, "wiki.example.org", as: member) == "unavailable 0")
        #expect(await policy.recheck(deadline: .now + .seconds(10)).isEmpty)
        #expect(try Self.ask(policy, "wiki.example.org", as: member) == "allowed 0")
        #expect(try Self.ask(policy, "wiki.example.org", as: Self.user(["Wiki"])) == "forbidden 0")
        #expect(try Self.ask(policy, "wiki.example.org", as: Self.user(["barred", "wiki"])) == "forbidden 0")
        #expect(try Self.ask(policy, "wiki.example.org", as: nil) == "login 0")
        // A deny group that vanishes does not open the door.
        groups.names.withLock { $0 = ["wiki"] }
        let failures = await policy.recheck(deadline: .now + .seconds(10))
        #expect(failures.map(\.part) == ["portal.access[0].groups"])
        #expect(try Self.ask(policy, "wiki.example.org", as: member) == "unavailable 0")
        groups.names.withLock { $0 = nil }
        #expect(await policy.recheck(deadline: .now + .seconds(10)).count == 2)
        #expect(try Self.ask(policy, "wiki.example.org", as: member) == "unavailable 0")
    }

    @Test("do not take the groups of people whom nobody looked up for the host's")
    func foreigners() async throws {
        let policy = Self.policy([
            Self.rule("wiki.example.org") { $0.groups = GroupRequirementConfiguration(any: ["wiki"]) }
        ])
        await policy.recheck(deadline: .now + .seconds(10))
        for source in [IdentitySource.application, .directory(name: "corp", dn: "uid=anna")] {
            #expect(try Self.ask(policy, "wiki.example.org", as: Self.user(["wiki"], source: source)) == "forbidden 0")
        }
    }
}
