import EnterpriseAuth
import EnterpriseAuthTesting
import Foundation
import LDAPClient
import TestBed
import Testing

/// The same people, by a PAM stack that checks the passwords and the directory that knows who they are.
@Suite("The PAM provider of a directory's people")
struct PAMConformanceTests {
    /// The program that the build puts beside the test bundle, as the worker.
    private static let worker: PAMExecution = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
        return .worker(executable: folder.appendingPathComponent("ent-login").path)
    }()

    /// The directory's people as the stacks of the test bed mimic them.
    private static func suite() throws -> ProviderConformanceSuite {
        let people = TestPerson.all(.openldap).map { person -> ProviderConformanceSuite.Person in
            let outcome: ProviderConformanceSuite.Outcome =
                switch person.outcome {
                case .active: .active
                case .inactive: .inactive
                case .change: .change
                case .expired: .expired
                case .locked: .locked
                // A stack has no word of its own for a disabled account.
                case .disabled: .notPermitted
                case .ambiguous, .noIdentity: .unavailable
                case .wrongPassword: .wrongPassword
                }
            return ProviderConformanceSuite.Person(
                person.user,
                password: person.password,
                outcome: outcome,
                loginName: person.user == "ALICE " ? "alice" : person.user,
                // The stack decides first: a wrong password is one, whoever the directory takes the name for.
                toleratesGuesses: outcome != .unavailable
            )
        }
        let active = try #require(people.first)
        return ProviderConformanceSuite(active: active, people: Array(people.dropFirst()), traits: [.rechecks])
    }

    @Test("gives every person of the test bed the expected outcome", arguments: ["worker", "thread"])
    func conforms(_ execution: String) async throws {
        let slapd = try await SlapdServer.shared()
        let directory = try DirectoryFixture.directory(
            DirectoryFixture.configuration(slapd) { configuration in
                let filter = "(&(objectClass=inetOrgPerson)(|(uid={username})(mail={username})))"
                configuration.users.filter = try LDAPFilter.Template(parsing: filter)
            }
        )
        let policy = DirectoryFixture.policy(directory)
        try #require(await policy.start(deadline: .now + .seconds(60)).isEmpty)
        var configuration = PAMProviderConfiguration(name: "host", service: "accept")
        let stacks = try await PAMStacks()
        configuration.confdir = stacks.confdir
        configuration.directory = directory.name
        let provider = PAMCredentialProvider(
            configuration,
            execution: execution == "worker" ? Self.worker : .inProcess,
            people: directory
        )
        for result in try await Self.suite().run(against: provider, judge: policy) {
            #expect(result.hasPassed, "\(result)")
        }
        await provider.shutdown()
        withExtendedLifetime(stacks) {}
        await policy.shutdown()
        await directory.shutdown()
    }
}
