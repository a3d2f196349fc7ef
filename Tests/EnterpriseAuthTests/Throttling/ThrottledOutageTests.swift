import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("The throttle while a provider is silent")
struct ThrottledOutageTests {
    @Test("a password that the silent provider could not look at is asked again when it is back")
    func askedAgain() async throws {
        let (corp, host) = (ScriptedProvider(name: "corp"), ScriptedProvider(name: "host"))
        let world = World(provider: corp, chain: ProviderChain(providers: [corp, host], onOutage: .next))
        host.add(World.identity("alice"), password: "another")
        corp.set(outage: World.outage)
        #expect(try await world.attempt("alice's password") == .wrongPassword)
        #expect(try await world.failures("alice") == 1)
        corp.set(outage: nil)
        #expect(try await world.attempt("alice's password") == nil)
    }
}
