import EnterpriseAuth
import Foundation
import LDAPClient
import TestBed
import Testing

@Suite("Access rules about groups of a directory")
struct AccessGroupTests {
    /// Rules over a directory, and the judge that names people's groups for them.
    private struct House {
        let directory: Directory
        let access: AccessPolicy
        let judge: ActivePolicy

        init(_ slapd: SlapdServer, everyone: Bool = false, _ groups: GroupRequirementConfiguration) throws {
            directory = try DirectoryFixture.directory(DirectoryFixture.configuration(slapd, .plain))
            var active = ActiveConfiguration()
            active.directory = directory.name
            active.everyone = everyone
            if !everyone { active.requirement = GroupRequirementConfiguration(all: ["employees"]) }
            var rule = AccessRuleConfiguration(host: "wiki.example.org")
            rule.groups = groups
            access = AccessPolicy(
                [rule],
                active: active,
                directory: directory,
                localGroups: nil,
                clock: HostClock(),
                logger: DirectoryFixture.logger
            )
            judge = ActivePolicy(
                active,
                directory: directory,
                localGroups: nil,
                access: access,
                logger: DirectoryFixture.logger
            )
        }

        /// Judges a person as a login does.
        func user(_ name: String) async throws -> DirectoryUser {
            let deadline = ContinuousClock.now + .seconds(60)
            let found = try await directory.identity(forLoginName: name, provider: "corp", deadline: deadline)
            let identity = try #require(found)
            guard case .active(let groups) = await judge.judge(identity, deadline: deadline) else {
                throw CocoaError(.featureUnsupported)
            }
            return DirectoryUser(identity: identity, groups: groups, isActive: true)
        }

        func verdict(_ user: DirectoryUser, checkedAt: Timestamp? = nil) throws -> AccessDecision.Verdict {
            let request = AccessRequest(method: "GET", host: "wiki.example.org", target: "/", address: nil)
            return access.decide(try #require(request), for: user, checkedAt: checkedAt).verdict
        }

        func resolve() async -> [StartFailure] {
            await access.recheck(deadline: .now + .seconds(60))
        }

        func shutdown() async {
            await access.shutdown()
            await judge.shutdown()
            await directory.shutdown()
        }
    }

    @Test("let members pass, however deep and however the rule spells the name", arguments: [false, true])
    func members(everyone: Bool) async throws {
        let slapd = try await SlapdServer.shared()
        let house = try House(slapd, everyone: everyone, GroupRequirementConfiguration(any: ["Research"]))
        #expect(await house.resolve().isEmpty)
        let nina = try await house.user("nina")
        #expect(nina.groups.contains("Research") && !nina.groups.contains("research"))
        #expect(try house.verdict(nina) == .allowed)
        #expect(try house.verdict(try await house.user("alice")) == .forbidden)
        await house.shutdown()
    }

    @Test("say nothing before their groups have been looked up, and ask anew about people who were judged before that")
    func order() async throws {
        let slapd = try await SlapdServer.shared()
        let house = try House(slapd, GroupRequirementConfiguration(any: ["research"]))
        let before = Timestamp(milliseconds: HostClock().nowMilliseconds)
        let nina = try await house.user("nina")
        guard case .unavailable = try house.verdict(nina) else {
            Issue.record("a rule without its groups gave an answer")
            return
        }
        #expect(await house.resolve().isEmpty)
        #expect(try house.verdict(nina, checkedAt: before) == .askAgain)
        let later = Timestamp(milliseconds: HostClock().nowMilliseconds + 1)
        #expect(try house.verdict(try await house.user("nina"), checkedAt: later) == .allowed)
        await house.shutdown()
    }

    @Test("do not open to another group of the same name, nor when a deny group is gone")
    func impostor() async throws {
        let slapd = try await SlapdServer.start()
        let house = try House(slapd, GroupRequirementConfiguration(any: ["research"], none: ["suspended"]))
        #expect(await house.resolve().isEmpty)
        #expect(try house.verdict(try await house.user("alice")) == .forbidden)
        try await slapd.modify(
            """
            dn: ou=more,\(slapd.groupsDN)
            objectClass: organizationalUnit
            ou: more

            dn: cn=Research,ou=more,\(slapd.groupsDN)
            objectClass: groupOfNames
            cn: Research
            member: uid=alice,\(slapd.peopleDN)

            """
        )
        // Before anybody has looked again, the name of the wrong group counts for nothing.
        let alice = try await house.user("alice")
        #expect(!alice.groups.contains { $0.lowercased() == "research" })
        #expect(try house.verdict(alice) == .forbidden)
        #expect(try house.verdict(try await house.user("nina")) == .allowed)
        // After that, nobody can say which one is meant.
        #expect(await house.resolve().count == 1)
        guard case .unavailable(let outage) = try house.verdict(try await house.user("nina")) else {
            Issue.record("an ambiguous name gave an answer")
            return
        }
        #expect(outage.detail.contains("ambiguous"))
        await house.shutdown()
        await slapd.stop()
    }
}
