import EnterpriseAuth
import TestBed
import Testing

@Suite("A login built in the place of another")
struct SuccessionTests {
    private static let limit: Duration = .seconds(60)

    private func works(_ assembly: LoginAssembly) async throws -> Bool {
        let provider = try #require(assembly.providers.provider(named: "host"))
        do throws(StartFailure) {
            try await provider.start(deadline: .now + Self.limit)
            return true
        } catch {
            return false
        }
    }

    @Test("what it shares goes on, and what was shared before and is replaced ends")
    func shared() async throws {
        let slapd = try await SlapdServer.shared()
        let stacks = try await PAMStacks(services: ["host": "auth required MODULE\naccount required MODULE"])
        func configuration(workers: Int) throws -> LoginConfiguration {
            try LoginAssemblyTests.configuration(slapd) { configuration in
                var host = PAMProviderConfiguration(name: "host", service: "host")
                host.confdir = stacks.confdir
                host.workers = workers
                configuration.providers = ["host": .pam(host)]
                configuration.login.providers = ["host"]
            }
        }
        let environment = LoginAssemblyTests.environment
        let first = try LoginAssembly(configuration(workers: 2), environment: environment)
        let second = try LoginAssembly(configuration(workers: 2), environment: environment, succeeding: first)
        let refused = try LoginAssembly(configuration(workers: 3), environment: environment, succeeding: second)
        let third = try LoginAssembly(configuration(workers: 3), environment: environment, succeeding: second)
        #expect(try await works(first))
        await first.shutdown(sparing: second)
        #expect(try await works(second), "the second has it from the first")
        await refused.shutdown(sparing: second)
        #expect(try await !works(refused))
        #expect(try await works(second))
        await second.shutdown(sparing: third)
        #expect(try await !works(second), "nobody has it any more")
        #expect(try await works(third))
        await third.shutdown()
        withExtendedLifetime(stacks) {}
    }
}
