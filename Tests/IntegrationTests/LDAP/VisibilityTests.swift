import EnterpriseAuth
import TestBed
import Testing

/// What the service account may not see must not look like something that is not there.
@Suite("Groups whose members the service account may not see")
struct VisibilityTests {
    private static let limit: Duration = .seconds(20)

    private static func failures(
        _ slapd: SlapdServer,
        _ strategy: DirectoryConfiguration.Groups.Strategy
    ) async throws -> [StartFailure] {
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd, .plain) { $0.groups.strategy = strategy }
        )
        let policy = DirectoryFixture.policy(directory, all: [], none: ["suspended"])
        let failures = await policy.recheck(deadline: .now + limit)
        await policy.shutdown()
        await directory.shutdown()
        return failures
    }

    @Test("make the rule unusable, whichever side lists the members")
    func hidden() async throws {
        let slapd = try await SlapdServer.start()
        for strategy in [DirectoryConfiguration.Groups.Strategy.member, .memberOf] {
            #expect(try await Self.failures(slapd, strategy).isEmpty)
        }
        try await slapd.configure(
            """
            dn: olcDatabase={1}mdb,cn=config
            changetype: modify
            add: olcAccess
            olcAccess: {0}to attrs=member,uniqueMember,memberOf by * none

            """
        )
        for (strategy, attribute) in [
            (DirectoryConfiguration.Groups.Strategy.member, "member"), (.memberOf, "memberOf"),
        ] {
            let failures = try await Self.failures(slapd, strategy)
            #expect(failures.count == 1, "\(failures)")
            #expect(failures.first?.isTemporary == false && failures.first?.problem.contains(attribute) == true)
            #expect(failures.first?.problem.contains("suspended") == true)
        }
        await slapd.stop()
    }
}
