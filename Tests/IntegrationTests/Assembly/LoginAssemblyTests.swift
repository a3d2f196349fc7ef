import EnterpriseAuth
import HostSystem
import LDAPClient
import TestBed
import Testing

@Suite("A login built from its configuration")
struct LoginAssemblyTests {
    private static let limit: Duration = .seconds(60)

    static var environment: LoginEnvironment {
        var environment = LoginEnvironment(logger: DirectoryFixture.logger)
        environment.readSecret = DirectoryFixture.secret
        environment.clock = HostClock()
        environment.pamExecution = { _ in .inProcess }
        return environment
    }

    /// The usual configuration over one server: provider `ldap`, rule employees without suspended.
    static func configuration(
        _ slapd: SlapdServer,
        _ change: (inout LoginConfiguration) throws -> Void = { _ in }
    ) throws -> LoginConfiguration {
        var active = ActiveConfiguration()
        active.directory = "corp"
        active.requirement = GroupRequirementConfiguration(all: ["employees"], none: ["suspended"])
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["ldap"]),
            providers: ["ldap": .ldap(LDAPProviderConfiguration(name: "ldap", directory: "corp"))],
            directories: ["corp": try DirectoryFixture.configuration(slapd)],
            active: active
        )
        try change(&configuration)
        return configuration
    }

    @Test("starts, asks, judges and ends")
    func whole() async throws {
        let slapd = try await SlapdServer.shared()
        let assembly = try LoginAssembly(Self.configuration(slapd), environment: Self.environment)
        #expect(await assembly.start(deadline: .now + Self.limit).isEmpty)
        let credentials = try DirectoryFixture.credentials("alice", "open-alice")
        let outcome = await assembly.providers.verify(credentials, deadline: .now + Self.limit)
        guard case .verified(let identity, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let verdict = await assembly.activePolicy.judge(identity, deadline: .now + Self.limit)
        guard case .active(let groups) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(groups == groups.sorted() && groups.contains("employees") && groups.contains("engineering"))
        await assembly.shutdown()
    }

    @Test("names everything that is wrong at once")
    func failures() async throws {
        let slapd = try await SlapdServer.shared()
        let configuration = try Self.configuration(slapd) { configuration in
            configuration.active.requirement = GroupRequirementConfiguration(all: ["no-such-group"], none: ["auditors"])
            configuration.directories["far"] = try DirectoryFixture.configuration(
                slapd,
                .plain,
                urls: ["ldap://127.0.0.1:\(FreePort.find())"]
            ) { $0.name = "far" }
            configuration.providers["host"] = .pam(PAMProviderConfiguration(name: "host", service: "no-such-service"))
            configuration.login.providers.append("host")
        }
        let assembly = try LoginAssembly(configuration, environment: Self.environment)
        let failures = await assembly.start(deadline: .now + Self.limit)
        #expect(failures.map(\.part) == ["active", "active", "directories.far", "providers.host"])
        #expect(failures.map(\.isTemporary) == [false, false, true, false])
        await assembly.shutdown()
    }

    @Test("cannot be built from names that point nowhere")
    func missing() async throws {
        let slapd = try await SlapdServer.shared()
        let configuration = try Self.configuration(slapd) { configuration in
            configuration.login.providers = ["ldap", "ghost"]
            configuration.active.directory = "nowhere"
            configuration.directories["corp"]?.urls = []
        }
        let error = #expect(throws: StartFailures.self) {
            try LoginAssembly(configuration, environment: Self.environment)
        }
        let parts = error?.failures.map(\.part)
        #expect(parts == ["active", "directories.corp", "login.providers", "providers.ldap"])
    }

    @Test(
        "explains a person in every situation",
        arguments: [
            ("alice", Explanation.Outcome.active, "every part"),
            ("ALICE ", .active, "every part"),
            ("sam", .inactive, "suspended"),
            ("simon", .inactive, "suspended"),
            ("nora", .inactive, "employees"),
            ("disa", .refused, "000001010000Z"),
            ("lock", .refused, "pwdAccountLockedTime"),
            ("endo", .refused, "pwdEndTime"),
            ("reset", .passwordChangeRequired, "pwdReset"),
            ("nobody-of-this-name", .unknown, "no provider"),
            ("*", .unknown, "no provider"),
            ("", .unknown, "no provider"),
            ("twin", .unavailable, "ou=contractors"),
        ]
    )
    func explains(_ user: String, _ outcome: Explanation.Outcome, _ reason: String) async throws {
        let slapd = try await SlapdServer.shared()
        let assembly = try LoginAssembly(Self.configuration(slapd), environment: Self.environment)
        let explanation = await assembly.explain(user, deadline: .now + Self.limit)
        #expect(explanation.decision.outcome == outcome)
        #expect(explanation.decision.reason.contains(reason), "\(explanation.decision.reason)")
        #expect(!explanation.steps.isEmpty)
        await assembly.shutdown()
    }

    @Test("explains by which way a group was reached")
    func explainsGroups() async throws {
        let slapd = try await SlapdServer.shared()
        let assembly = try LoginAssembly(Self.configuration(slapd), environment: Self.environment)
        let explanation = await assembly.explain("nina", deadline: .now + Self.limit)
        let employees = explanation.decision.groups.first { $0.name == "employees" }
        #expect(employees?.via == ["lab", "research", "departments"])
        #expect(employees?.dn == "cn=employees,\(slapd.groupsDN)")
        #expect(explanation.decision.loginName == "nina")
        #expect(explanation.decision.userID?.hasPrefix("corp:") == true)
        #expect(Set(explanation.steps.map(\.step)).isSuperset(of: ["find_user", "groups", "rule", "account"]))
        await assembly.shutdown()
    }

    @Test(
        "explains people of a PAM stack, local ones and a directory's",
        arguments: [
            ("alice", "corp", Explanation.Outcome.active, "every part"),
            ("sam", "corp", .inactive, "suspended"),
            ("stranger", "corp", .unknown, "no provider"),
            ("root", nil, .inactive, "min_uid"),
            ("stranger", nil, .unknown, "no provider"),
        ] as [(String, String?, Explanation.Outcome, String)]
    )
    func explainsPAM(_ user: String, _ directory: String?, _ outcome: Explanation.Outcome, _ reason: String)
        async throws
    {
        let slapd = try await SlapdServer.shared()
        let stacks = try await PAMStacks(services: ["host": "auth required MODULE\naccount required MODULE"])
        let configuration = try Self.configuration(slapd) { configuration in
            var host = PAMProviderConfiguration(name: "host", service: "host")
            host.confdir = stacks.confdir
            host.directory = directory
            configuration.providers = ["host": .pam(host)]
            configuration.login.providers = ["host"]
            configuration.active.source = .unix
        }
        let assembly = try LoginAssembly(configuration, environment: Self.environment)
        let explanation = await assembly.explain(user, deadline: .now + Self.limit)
        withExtendedLifetime(stacks) {}
        #expect(explanation.decision.outcome == outcome, "\(explanation.decision)")
        #expect(explanation.decision.reason.contains(reason), "\(explanation.decision.reason)")
        await assembly.shutdown()
    }
}
