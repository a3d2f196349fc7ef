import EnterpriseAuth
import EnterpriseAuthTesting
import Testing

@Suite("MemorySessionStore")
struct MemorySessionStoreTests {
    @Test("conforms", arguments: StoreConformanceSuite.scenarios.filter { !$0.needsDurability })
    func conforms(_ scenario: StoreConformanceSuite.Scenario) async throws {
        try await scenario.run { MemorySessionStore() }
    }
}
