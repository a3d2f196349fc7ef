import EnterpriseAuth
import Foundation
import LDAPClient
import TestBed
import Testing

@Suite("A live check")
struct LiveCheckTests {
    private static func run(
        _ slapd: SlapdServer,
        _ change: (inout LoginConfiguration) throws -> Void = { _ in }
    ) async throws -> LiveCheckReport {
        let configuration = try LoginAssemblyTests.configuration(slapd, change)
        return await LiveCheck(configuration, environment: LoginAssemblyTests.environment, limit: .seconds(60)).run()
    }

    @Test("goes the whole way of a login and finds nothing wrong", arguments: Transport.allCases)
    func good(_ transport: Transport) async throws {
        let slapd = try await SlapdServer.shared()
        let report = try await Self.run(slapd) { configuration in
            configuration.directories["corp"] = try DirectoryFixture.configuration(slapd, transport)
        }
        #expect(report.verdict == .good, "\(report.problems)")
        #expect(report.warnings.isEmpty, "\(report.warnings)")
        let steps = Set(report.steps.map(\.step))
        #expect(
            steps.isSuperset(of: [
                "connect", "root_dse", "service_bind", "users.base", "find_user", "sample", "groups", "rule_group",
                "rule_group_members",
            ])
        )
        #expect(report.steps.allSatisfy { !$0.detail.contains("open-") && !$0.request.contains("open-") })
    }

    @Test("warns of members of a rule's group that lie where no group is looked for")
    func strangerInGroup() async throws {
        let slapd = try await SlapdServer.start()
        let stranger = "cn=far,dc=elsewhere"
        try await slapd.modify(
            """
            dn: cn=suspended,\(slapd.groupsDN)
            changetype: modify
            add: member
            member: \(stranger)
            """
        )
        let report = try await Self.run(slapd)
        #expect(report.verdict == .good, "\(report.problems)")
        #expect(report.warnings.count == 1 && report.warnings.first?.problem.contains(stranger) == true)
        await slapd.stop()
    }

    @Test("asks every server by itself")
    func eachServer() async throws {
        let slapd = try await SlapdServer.shared()
        let dead = "ldap://127.0.0.1:\(try FreePort.find())"
        let report = try await Self.run(slapd) { configuration in
            configuration.directories["corp"] = try DirectoryFixture.configuration(
                slapd,
                .startTLS,
                urls: [slapd.ldapURL, dead]
            )
        }
        #expect(report.verdict == .unavailable)
        #expect(report.problems.count == 1 && report.problems.first?.part.contains(dead) == true)
        #expect(report.steps.contains { $0.target == dead && $0.result == "unavailable" })
    }

    /// What can be wrong, the step that shows it, and the verdict.
    enum Mistake: CaseIterable {
        case password, otherAuthority, usersBase, missingGroup, ambiguousGroup, filterFindsAnybody, blindAccount
        case silentServer, noSecret

        var verdict: LiveCheckReport.Verdict {
            switch self {
            case .otherAuthority, .silentServer: .unavailable
            default: .misconfigured
            }
        }

        var hint: String {
            switch self {
            case .password: "cn=reader"
            case .otherAuthority: "TLS"
            case .usersBase: "ou=nowhere"
            case .missingGroup: "no-such-group"
            case .ambiguousGroup: "ambiguous"
            case .filterFindsAnybody: "match"
            case .blindAccount: "cn=blind"
            case .silentServer: "no answer"
            case .noSecret: "cannot be read"
            }
        }
    }

    @Test("finds what is wrong", arguments: Mistake.allCases)
    func mistakes(_ mistake: Mistake) async throws {
        let slapd = try await SlapdServer.shared()
        let mute = try MuteServer()
        let report = try await Self.report(mistake, slapd, mute)
        #expect(report.verdict == mistake.verdict)
        #expect(report.problems.contains { $0.problem.contains(mistake.hint) }, "\(report.problems)")
        #expect(report.problems.allSatisfy { !$0.fix.isEmpty })
        mute.stop()
    }

    private static func report(
        _ mistake: Mistake,
        _ slapd: SlapdServer,
        _ mute: MuteServer
    ) async throws -> LiveCheckReport {
        var configuration = try LoginAssemblyTests.configuration(slapd)
        var environment = LoginAssemblyTests.environment
        var directory = try DirectoryFixture.configuration(slapd)
        let reader = try DistinguishedName(parsing: slapd.readerDN)
        switch mistake {
        case .password: directory.bind = .simple(dn: reader, password: .file("wrong"))
        case .otherAuthority: directory.tls.caFile = slapd.otherCAFile
        case .usersBase: directory.users.base = try DistinguishedName(parsing: "ou=nowhere,\(slapd.baseDN)")
        case .missingGroup: configuration.active.requirement = GroupRequirementConfiguration(all: ["no-such-group"])
        case .ambiguousGroup: configuration.active.requirement = GroupRequirementConfiguration(all: ["auditors"])
        case .filterFindsAnybody:
            directory.users.filter = try LDAPFilter.Template(parsing: "(|(uid={username})(uid=*))")
        case .blindAccount:
            let blind = try DistinguishedName(parsing: "cn=blind,\(slapd.baseDN)")
            directory.bind = .simple(dn: blind, password: .file("open-blind"))
        case .silentServer: directory.urls = [try LDAPURL(parsing: mute.ldapURL)]
        case .noSecret:
            struct Missing: Error {}
            environment.readSecret = { _ in throw Missing() }
        }
        configuration.directories["corp"] = directory
        let limit: Duration = mistake == .silentServer ? .seconds(1) : .seconds(60)
        return await LiveCheck(configuration, environment: environment, limit: limit).run()
    }

    @Test(
        "sends a stranger through every PAM stack",
        arguments: [
            ("good", LiveCheckReport.Verdict.good, ""),
            ("anything", .misconfigured, "accepts any password"),
            ("missing", .misconfigured, "missing"),
            ("down", .unavailable, "pam"),
        ]
    )
    func stacks(_ service: String, _ verdict: LiveCheckReport.Verdict, _ hint: String) async throws {
        let slapd = try await SlapdServer.shared()
        let stacks = try await PAMStacks(
            people: ["alice": "open-alice"],
            services: [
                "good": "auth required MODULE people=@DIR@/people\naccount required MODULE",
                "anything": "auth required MODULE\naccount required MODULE",
                "down": "auth required MODULE return=authinfo_unavail\naccount required MODULE",
            ]
        )
        let report = try await Self.run(slapd) { configuration in
            var host = PAMProviderConfiguration(name: "host", service: service)
            host.confdir = stacks.confdir
            configuration.providers["host"] = .pam(host)
            configuration.login.providers.append("host")
        }
        withExtendedLifetime(stacks) {}
        #expect(report.verdict == verdict)
        #expect(hint.isEmpty == report.problems.isEmpty)
        #expect(
            report.problems.allSatisfy { $0.part == "providers.host" && $0.problem.contains(hint) },
            "\(report.problems)"
        )
        #expect(report.steps.contains { $0.target == "providers.host" })
    }

    @Test("is written as JSON and read back")
    func json() async throws {
        let slapd = try await SlapdServer.shared()
        let report = try await Self.run(slapd) {
            $0.active.requirement = GroupRequirementConfiguration(all: ["nobody"])
        }
        let data = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(LiveCheckReport.self, from: data) == report)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains("\"verdict\":\"misconfigured\"") && text.contains("\"is_temporary\":false"))
    }
}
