import EnterpriseAuth
import HostSystem
import LDAPClient
import Synchronization
import TestBed
import Testing

@Suite("What a directory says")
struct DirectoryAnswerTests {
    private static let limit: Duration = .seconds(60)

    /// Logs somebody in, groups and all, and says in one word what came of it.
    private static func login(
        _ user: String,
        _ password: String,
        _ directory: Directory,
        _ policy: ActivePolicy? = nil
    ) async throws -> String {
        let provider = LDAPCredentialProvider(name: "ldap", directory: directory)
        let credentials = try DirectoryFixture.credentials(user, password)
        let outcome = await provider.verify(credentials, deadline: .now + limit)
        guard case .verified(let identity, _) = outcome, let policy else { return OutageTests.word(outcome) }
        switch await policy.judge(identity, deadline: .now + limit) {
        case .active: return "active"
        case .inactive: return "inactive"
        case .unavailable(let outage): return "unavailable \(outage.kind.rawValue)"
        }
    }

    @Test("is no answer when a group search hits the server's size limit")
    func sizeLimit() async throws {
        let slapd = try await SlapdServer.shared()
        for pageSize in [0, 500] {
            let limited = try DirectoryFixture.directory(
                DirectoryFixture.configuration(slapd) { configuration in
                    let dn = try DistinguishedName(parsing: "cn=limited,\(slapd.baseDN)")
                    configuration.bind = .simple(dn: dn, password: .file("open-limited"))
                    configuration.groups.pageSize = pageSize
                }
            )
            let policy = DirectoryFixture.policy(limited)
            #expect(await policy.start(deadline: .now + Self.limit).isEmpty)
            // bob is in three groups, and the account gets two entries.
            #expect(try await Self.login("bob", "open-bob", limited, policy).hasPrefix("unavailable"))
            #expect(try await Self.login("nora", "open-nora", limited, policy) == "inactive")
            await policy.shutdown()
            await limited.shutdown()
        }
    }

    @Test("is no answer when the server sends us elsewhere")
    func referrals() async throws {
        let slapd = try await SlapdServer.shared()
        for base in ["ou=moved,o=partners", "o=partners"] {
            let directory = try DirectoryFixture.directory(
                DirectoryFixture.configuration(slapd) { configuration in
                    configuration.users.base = try DistinguishedName(parsing: base)
                }
            )
            let outage = await #expect(throws: Outage.self) {
                try await directory.person(withLoginName: "rita", deadline: .now + Self.limit)
            }
            #expect(outage?.kind == .misconfigured)
            await directory.shutdown()
        }
    }

    @Test("is no answer where the base does not exist, or the service account sees nothing")
    func blind() async throws {
        let slapd = try await SlapdServer.shared()
        let blind = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd) { configuration in
                let dn = try DistinguishedName(parsing: "cn=blind,\(slapd.baseDN)")
                configuration.bind = .simple(dn: dn, password: .file("open-blind"))
            }
        )
        #expect(await blind.start(deadline: .now + Self.limit)?.isTemporary == false)
        #expect(try await Self.login("alice", "open-alice", blind) == "unavailable")
        await blind.shutdown()
        let astray = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd) { configuration in
                configuration.users.base = try DistinguishedName(parsing: "ou=nowhere,\(slapd.baseDN)")
            }
        )
        #expect(await astray.start(deadline: .now + Self.limit)?.problem.contains("users.base") == true)
        #expect(try await Self.login("alice", "open-alice", astray) == "unavailable")
        await astray.shutdown()
    }

    @Test("lets nobody in while a group of the rule is missing, and everybody again when it is back")
    func vanishedGroup() async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        let policy = DirectoryFixture.policy(directory)
        #expect(await policy.start(deadline: .now + Self.limit).isEmpty)
        #expect(try await Self.login("alice", "open-alice", directory, policy) == "active")
        #expect(try await Self.login("sam", "open-sam", directory, policy) == "inactive")
        try await slapd.modify("dn: cn=suspended,\(slapd.groupsDN)\nchangetype: delete\n")
        let failures = await policy.recheck(deadline: .now + Self.limit)
        #expect(failures.count == 1 && failures.first?.problem.contains("suspended") == true)
        for (user, password) in [("alice", "open-alice"), ("sam", "open-sam"), ("nora", "open-nora")] {
            #expect(try await Self.login(user, password, directory, policy) == "unavailable misconfigured")
        }
        try await slapd.modify(
            """
            dn: cn=suspended,\(slapd.groupsDN)
            objectClass: groupOfNames
            cn: suspended
            member: uid=alice,\(slapd.peopleDN)

            """
        )
        #expect(try await Self.login("bob", "open-bob", directory, policy) == "active")
        #expect(try await Self.login("alice", "open-alice", directory, policy) == "inactive")
        await policy.shutdown()
        await directory.shutdown()
        await slapd.stop()
    }

    @Test("names every group of the rule that is missing or ambiguous at the start")
    func badRules() async throws {
        let slapd = try await SlapdServer.shared()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        let policy = DirectoryFixture.policy(
            directory,
            all: ["employees", "no-such-group"],
            none: ["auditors", "sus*"]
        )
        let failures = await policy.start(deadline: .now + Self.limit)
        #expect(failures.count == 3)
        #expect(failures.allSatisfy { !$0.isTemporary && $0.part == "active" })
        #expect(failures.contains { $0.problem.contains("no-such-group") })
        #expect(failures.contains { $0.problem.contains("auditors") && $0.problem.contains("ou=regional") })
        #expect(try await Self.login("alice", "open-alice", directory, policy) == "unavailable misconfigured")
        await policy.shutdown()
        await directory.shutdown()
    }

    @Test("is heard again when the service account's password has changed on both sides")
    func secretRotation() async throws {
        let slapd = try await SlapdServer.start()
        let secret = Mutex("open-reader")
        let directory = try Directory(
            DirectoryFixture.configuration(slapd) { $0.failover.retryAtMost = .seconds(3600) },
            readSecret: { _ in SecretBytes(Array(secret.withLock { $0 }.utf8)) },
            clock: HostClock(),
            logger: DirectoryFixture.logger
        )
        #expect(try await Self.login("alice", "open-alice", directory) == "verified")
        try await slapd.modify(
            "dn: \(slapd.readerDN)\nchangetype: modify\nreplace: userPassword\nuserPassword: open-new\n"
        )
        // An administrator's change asks for one by the account itself (pwdMustChange).
        try await slapd.modify("dn: \(slapd.readerDN)\nchangetype: modify\ndelete: pwdReset\n")
        // Connections that are bound stay bound; a server that restarts asks for the password again.
        try slapd.kill()
        #expect(try await Self.login("alice", "open-alice", directory) == "unavailable")
        secret.withLock { $0 = "open-new" }
        try await slapd.restart()
        #expect(try await Self.login("alice", "open-alice", directory) == "verified")
        await directory.shutdown()
        await slapd.stop()
    }

    @Test("does not hear a refused service account over and over")
    func refusedServiceAccount() async throws {
        let slapd = try await SlapdServer.shared()
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd) { configuration in
                let dn = try DistinguishedName(parsing: slapd.readerDN)
                configuration.bind = .simple(dn: dn, password: .file("wrong"))
                configuration.failover.retryAfter = .seconds(3600)
            }
        )
        let failure = await directory.start(deadline: .now + Self.limit)
        #expect(failure?.isTemporary == false)
        for _ in 0..<5 {
            let trace = DecisionTrace()
            let word = try await DecisionTrace.$current.withValue(trace) {
                try await Self.login("alice", "open-alice", directory)
            }
            #expect(word == "unavailable")
            #expect(trace.steps.isEmpty)
        }
        await directory.shutdown()
    }
}
