import LDAPClient
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("The groups of a person")
struct GroupLookupTests {
    private static let limit: Duration = .seconds(60)

    /// The groups of somebody as `name ⇐ way`, sorted.
    private static func groups(
        of user: String,
        flavour: SlapdServer.Flavour = .openldap,
        explaining: Bool = true,
        _ change: (inout DirectoryConfiguration) -> Void = { _ in }
    ) async throws -> [String] {
        let slapd = try await SlapdServer.shared(flavour)
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd, .plain, change))
        defer { Task { await directory.shutdown() } }
        let identity = try #require(
            try await directory.identity(forLoginName: user, provider: "test", deadline: .now + limit)
        )
        let found = try #require(
            try await directory.groups(of: identity, explaining: explaining, deadline: .now + limit)
        )
        return found.map { ([$0.name] + $0.via.reversed()).joined(separator: " ⇐ ") }.sorted()
    }

    @Test("are found upwards, with the way to each")
    func nested() async throws {
        #expect(
            try await Self.groups(of: "nina") == [
                "departments ⇐ research ⇐ lab", "employees ⇐ departments ⇐ research ⇐ lab", "lab", "research ⇐ lab",
            ]
        )
        #expect(try await Self.groups(of: "simon") == ["employees", "on-leave", "suspended ⇐ on-leave"])
        #expect(try await Self.groups(of: "nora") == [])
    }

    @Test("are found once each where groups contain each other")
    func cycles() async throws {
        #expect(
            try await Self.groups(of: "celia") == [
                "employees ⇐ ring-a ⇐ ring-b", "ring-a ⇐ ring-b", "ring-b", "ring-c ⇐ ring-a ⇐ ring-b",
            ]
        )
        #expect(try await Self.groups(of: "cyril") == ["loop-a ⇐ loop-b", "loop-b"])
        #expect(try await Self.groups(of: "alice").contains("selfish"))
    }

    @Test("are only the direct ones where nesting is off")
    func flat() async throws {
        #expect(try await Self.groups(of: "nina") { $0.groups.nested = false } == ["lab"])
    }

    @Test("are the same without explaining, in batches")
    func batches() async throws {
        for user in ["nina", "celia", "cyril", "all", "李雷"] {
            let explained = try await Self.groups(of: user).map { $0.split(separator: " ⇐ ").first ?? "" }
            let batched = try await Self.groups(of: user, explaining: false)
            #expect(explained.map { String($0) }.sorted() == batched)
        }
    }

    @Test("are found by name and by primary group")
    func posix() async throws {
        for (user, expected) in [("anna", true), ("bert", true), ("dirk", false)] {
            let groups = try await Self.groups(of: user, flavour: .rfc2307)
            #expect(groups.contains("employees") == expected, "\(user): \(groups)")
        }
    }

    @Test("are read from the person where the server keeps them there", arguments: [false, true])
    func memberOf(_ nested: Bool) async throws {
        for user in ["alice", "bob", "nina", "sam", "nora", "comma", "all", "李雷"] {
            let searched = try await Self.groups(of: user, explaining: false) { $0.groups.nested = nested }
            let listed = try await Self.groups(of: user, explaining: false) { configuration in
                configuration.groups.strategy = .memberOf
                configuration.groups.nested = nested
            }
            #expect(searched == listed, "\(user)")
        }
    }

    @Test("are found above a group that lies outside of the base, where the server keeps them with the person")
    func outsideOfBase() async throws {
        let slapd = try await SlapdServer.start()
        try await slapd.modify(
            """
            dn: ou=projects,\(slapd.baseDN)
            objectClass: organizationalUnit
            ou: projects

            dn: cn=leavers,ou=projects,\(slapd.baseDN)
            objectClass: groupOfNames
            cn: leavers
            member: uid=alice,\(slapd.peopleDN)

            dn: cn=suspended,\(slapd.groupsDN)
            changetype: modify
            add: member
            member: cn=leavers,ou=projects,\(slapd.baseDN)

            """
        )
        for nested in [true, false] {
            let directory = try DirectoryFixture.directory(
                DirectoryFixture.configuration(slapd, .plain) { configuration in
                    configuration.groups.strategy = .memberOf
                    configuration.groups.nested = nested
                }
            )
            let found = try await directory.identity(forLoginName: "alice", provider: "t", deadline: .now + Self.limit)
            let alice = try #require(found)
            let groups = try #require(try await directory.groups(of: alice, deadline: .now + Self.limit))
            #expect(groups.contains { $0.name == "suspended" } == nested)
            #expect(!groups.contains { $0.name.contains("leavers") })
            await directory.shutdown()
        }
        await slapd.stop()
    }

    @Test("are no answer where groups are to nest and list nobody")
    func nothingToClimb() async throws {
        await #expect(throws: Outage.self) {
            try await Self.groups(of: "alice") { configuration in
                configuration.groups.strategy = .memberOf
                configuration.groups.memberAttributes = []
            }
        }
    }

    @Test(
        "are no shorter list where a limit cuts them",
        arguments: [
            ("nina", 1, 1000), ("nina", 2, 1000), ("celia", 1, 1000), ("nina", 10, 3), ("alice", 10, 2),
            ("alice", 0, 3),
        ]
    )
    func limits(_ user: String, _ depth: Int, _ count: Int) async throws {
        for explaining in [true, false] {
            await #expect(throws: Outage.self) {
                try await Self.groups(of: user, explaining: explaining) { configuration in
                    configuration.groups.maxDepth = depth
                    configuration.groups.maxGroups = count
                }
            }
        }
    }

    @Test("are all found where the limits just hold")
    func limitsHold() async throws {
        let groups = try await Self.groups(of: "nina", explaining: false) { configuration in
            configuration.groups.maxDepth = 3
            configuration.groups.maxGroups = 4
        }
        #expect(groups.count == 4)
    }

    @Test("are unknown once the entry is gone, where they are read from it")
    func gone() async throws {
        let slapd = try await SlapdServer.shared()
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, .plain) { $0.groups.strategy = .memberOf }
        )
        let ghost = Identity(
            userID: UserID(source: "corp", value: "0"),
            loginName: "ghost",
            provider: "test",
            source: .directory(name: "corp", dn: "uid=ghost,\(slapd.peopleDN)")
        )
        #expect(try await directory.groups(of: ghost, deadline: .now + Self.limit) == nil)
        await directory.shutdown()
    }
}
