import EnterpriseAuth
import EnterpriseAuthTesting
import LDAPClient
import TestBed
import Testing

/// One way in which a provider is set up, with the people it must know.
private struct Setup: Sendable, CustomTestStringConvertible {
    let flavour: SlapdServer.Flavour
    let transport: Transport
    var byTemplate = false

    var testDescription: String {
        "\(flavour.rawValue) over \(transport.rawValue)\(byTemplate ? ", DN template" : "")"
    }

    static let all: [Setup] =
        Transport.allCases.map { Setup(flavour: .openldap, transport: $0) }
        + [
            Setup(flavour: .openldap, transport: .startTLS, byTemplate: true),
            Setup(flavour: .rfc2307, transport: .startTLS),
            Setup(flavour: .second, transport: .ldaps),
        ]

    func provider(_ server: SlapdServer) throws -> (LDAPCredentialProvider, ActivePolicy) {
        let configuration = try DirectoryFixture.configuration(server, transport) { configuration in
            if byTemplate {
                let people = server.peopleDN
                configuration.users.dnTemplate = try DistinguishedName.Template(parsing: "uid={username},\(people)")
            } else if flavour == .openldap {
                // By mail too, so that the entry without a user name is found at all.
                let filter = "(&(objectClass=inetOrgPerson)(|(uid={username})(mail={username})))"
                configuration.users.filter = try LDAPFilter.Template(parsing: filter)
            }
        }
        let directory = try DirectoryFixture.directory(configuration)
        let policy = DirectoryFixture.policy(directory)
        return (LDAPCredentialProvider(name: "ldap", directory: directory), policy)
    }

    func suite() throws -> ProviderConformanceSuite {
        let people = TestPerson.all(flavour).compactMap { person -> ProviderConformanceSuite.Person? in
            guard !byTemplate || person.dn.hasPrefix("uid=") && person.dn.contains(",ou=people,") else { return nil }
            // A template names one entry, so there is no second one to be mixed up with.
            let isUnique = byTemplate && person.outcome == .ambiguous
            return ProviderConformanceSuite.Person(
                person.user,
                password: person.password,
                outcome: isUnique ? .active : ProviderConformanceSuite.Outcome(person.outcome),
                loginName: person.user == "ALICE " ? "alice" : person.user,
                toleratesGuesses: person.user != "lockme"
            )
        }
        let active = try #require(people.first)
        return ProviderConformanceSuite(
            active: active,
            people: Array(people.dropFirst()),
            traits: Set(ProviderConformanceSuite.Trait.allCases)
        )
    }
}

extension ProviderConformanceSuite.Outcome {
    fileprivate init(_ outcome: TestPerson.Outcome) {
        self =
            switch outcome {
            case .active: .active
            case .inactive: .inactive
            case .change: .change
            case .locked: .locked
            case .disabled: .disabled
            case .expired: .expired
            case .ambiguous, .noIdentity: .unavailable
            case .wrongPassword: .wrongPassword
            }
    }
}

@Suite("The LDAP provider")
struct LDAPConformanceTests {
    @Test("gives every person of the test bed the expected outcome, over every transport", arguments: Setup.all)
    private func conforms(_ setup: Setup) async throws {
        try await conforms(setup, at: SlapdServer.shared(setup.flavour))
    }

    @Test(
        "gives them the same outcomes where the directory runs in a container",
        .enabled(if: Obstacle.containers == nil, "\(Obstacle.containers ?? "")"),
        arguments: [Transport.startTLS, .ldaps]
    )
    func conformsInContainer(_ transport: Transport) async throws {
        let server = try await SlapdServer.startInContainer()
        try await conforms(Setup(flavour: .openldap, transport: transport), at: server)
        await server.stop()
    }

    private func conforms(_ setup: Setup, at server: SlapdServer) async throws {
        let (provider, policy) = try setup.provider(server)
        let problems = await policy.start(deadline: .now + .seconds(60))
        try #require(problems.isEmpty, "\(problems)")
        let results = try await setup.suite().run(against: provider, judge: policy)
        for result in results {
            #expect(result.hasPassed, "\(result)")
        }
        await policy.shutdown()
        await provider.directory.shutdown()
    }
}
