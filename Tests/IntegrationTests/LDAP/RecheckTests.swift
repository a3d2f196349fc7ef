import EnterpriseAuth
import LDAPClient
import TestBed
import Testing

@Suite("Looking at an account again")
struct RecheckTests {
    private static let limit: Duration = .seconds(60)

    private static func word(_ standing: AccountStanding) -> String {
        switch standing {
        case .good(let identity): "good \(identity.loginName)"
        case .temporarilyLocked: "locked"
        case .ended(let refusal): "ended \(refusal.reason.rawValue)"
        case .unavailable(let outage): "unavailable \(outage.kind.rawValue)"
        }
    }

    private static func standing(_ user: String, _ directory: Directory) async throws -> String {
        let identity = try #require(
            try await directory.identity(forLoginName: user, provider: "test", deadline: .now + limit)
        )
        return await word(directory.standing(of: identity, deadline: .now + limit))
    }

    @Test(
        "tells accounts apart without their passwords",
        arguments: [
            ("alice", "good alice"), ("disa", "ended disabled"), ("lock", "locked"), ("endo", "ended expired"),
            ("early", "ended disabled"), ("past", "good past"), ("reset", "good reset"),
            ("MixedCase", "good MixedCase"),
            ("o*neil", "good o*neil"), ("jürgen", "good jürgen"),
        ]
    )
    func accounts(_ user: String, _ expected: String) async throws {
        let slapd = try await SlapdServer.shared()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        #expect(try await Self.standing(user, directory) == expected)
        await directory.shutdown()
    }

    @Test(
        "tells shadow accounts apart",
        arguments: [
            ("anna", "good anna"), ("emil", "ended expired"), ("flora", "good flora"), ("greta", "good greta"),
            ("hugo", "good hugo"),
        ]
    )
    func shadow(_ user: String, _ expected: String) async throws {
        let slapd = try await SlapdServer.shared(.rfc2307)
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        #expect(try await Self.standing(user, directory) == expected)
        await directory.shutdown()
    }

    @Test("follows a person who is renamed, changed, filtered out and deleted")
    func life() async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd) { configuration in
                let filter = "(&(objectClass=inetOrgPerson)(!(employeeType=former))(uid={username}))"
                configuration.users.filter = try LDAPFilter.Template(parsing: filter)
            }
        )
        func identity(_ user: String) async throws -> Identity? {
            try await directory.identity(forLoginName: user, provider: "test", deadline: .now + Self.limit)
        }
        let begin = try #require(try await identity("bob"))
        func standing() async -> AccountStanding {
            await directory.standing(of: begin, deadline: .now + Self.limit)
        }
        #expect(await Self.word(standing()) == "good bob")
        let people = slapd.peopleDN

        try await slapd.modify(
            "dn: uid=bob,\(people)\nchangetype: modify\nreplace: userPassword\nuserPassword: open-new\n"
        )
        guard case .good(let changed) = await standing() else {
            Issue.record("a changed password does not end an account")
            return
        }
        #expect(changed.passwordVersion != nil && changed.passwordVersion != begin.passwordVersion)

        try await slapd.modify("dn: uid=bob,\(people)\nchangetype: modrdn\nnewrdn: uid=robert\ndeleteoldrdn: 1\n")
        guard case .good(let renamed) = await standing() else {
            Issue.record("a renamed person is the same person")
            return
        }
        #expect(renamed.loginName == "robert")
        #expect(renamed.userID == begin.userID)
        #expect(renamed.source == .directory(name: "corp", dn: "uid=robert,\(people)"))

        try await slapd.modify(
            "dn: uid=robert,\(people)\nchangetype: modify\nadd: employeeType\nemployeeType: former\n"
        )
        #expect(await Self.word(standing()) == "ended not_permitted")

        try await slapd.modify("dn: uid=robert,\(people)\nchangetype: delete\n")
        #expect(await Self.word(standing()) == "ended unknown_user")

        try await slapd.modify(
            """
            dn: uid=bob,\(people)
            objectClass: inetOrgPerson
            uid: bob
            cn: Another Bob
            sn: Bob
            userPassword: open-bob

            """
        )
        #expect(await Self.word(standing()) == "ended unknown_user", "a new person of an old name is somebody else")
        let other = try #require(try await identity("bob"))
        #expect(other.userID != begin.userID)
        await directory.shutdown()
        await slapd.stop()
    }

    @Test("has no answer where the directory has none, and none for people of another directory")
    func elsewhere() async throws {
        let slapd = try await SlapdServer.start()
        let directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd))
        let identity = try #require(
            try await directory.identity(forLoginName: "alice", provider: "test", deadline: .now + Self.limit)
        )
        let stranger = Identity(
            userID: UserID(source: "other", value: identity.userID.value),
            loginName: "alice",
            provider: "test",
            source: identity.source
        )
        #expect(await Self.word(directory.standing(of: stranger, deadline: .now + Self.limit)) == "ended unknown_user")
        try slapd.kill()
        let standing = await directory.standing(of: identity, deadline: .now + Self.limit)
        #expect(Self.word(standing) == "unavailable unreachable")
        await directory.shutdown()
        await slapd.stop()
    }
}
