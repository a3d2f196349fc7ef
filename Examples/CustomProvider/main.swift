// custom-provider
//
// Runs the conformance suites over a provider and a store of one's own, as an application's tests would. Prints what
// does not conform, and ends with 1 if anything does not.
internal import EnterpriseAuth
internal import EnterpriseAuthTesting
internal import Glibc
internal import HostSystem

/// Runs every scenario that a table of names can have.
func providerFaults() async -> [String] {
    let provider = TableProvider(
        name: "table",
        passwords: [
            "alice": SecretBytes(Array("open-alice".utf8)),
            "bob": SecretBytes(Array("open-bob".utf8)),
        ]
    )
    let suite = ProviderConformanceSuite(
        active: ProviderConformanceSuite.Person("alice", password: "open-alice"),
        people: [ProviderConformanceSuite.Person("bob", password: "open-bob")],
        traits: [.tellsUnknownNames, .rechecks]
    )
    var faults: [String] = []
    for scenario in suite.scenarios {
        let result = await suite.run(scenario, against: provider)
        if !result.hasPassed { faults.append(result.description) }
    }
    return faults
}

/// Runs every scenario that a store in memory can have.
func storeFaults() async -> [String] {
    var faults: [String] = []
    for scenario in StoreConformanceSuite.scenarios where !scenario.needsDurability {
        do {
            try await scenario.run { MemorySessionStore() }
        } catch {
            faults.append("\(scenario): \(error)")
        }
    }
    return faults
}

/// Makes a manager whose sources say what a test wants, and whose clock stands still until a test moves it.
func makeManager(_ scripted: ScriptedProvider, _ judge: ScriptedJudge, _ clock: ManualClock) -> LoginManager {
    let configuration = LoginConfiguration(
        login: LoginSettings(providers: [scripted.name]),
        providers: [:],
        active: ActiveConfiguration()
    )
    return LoginManager(
        configuration: configuration,
        chain: ProviderChain(providers: [scripted]),
        judge: judge,
        store: nil,
        clock: clock
    )
}

/// Plays half a day without waiting for it.
func sessionFaults() async throws -> [String] {
    let (scripted, judge, clock) = (ScriptedProvider(), ScriptedJudge(), ManualClock())
    let alice = Identity(
        userID: UserID(source: scripted.name, value: "alice"),
        loginName: "alice",
        provider: scripted.name,
        source: .directory(name: scripted.name, dn: "uid=alice")
    )
    scripted.add(alice, password: "open-alice")
    let manager = makeManager(scripted, judge, clock)
    let credentials = try Credentials(username: "alice", password: SecretBytes(Array("open-alice".utf8)))
    guard case .success(let success) = await manager.login(credentials, client: .local) else {
        return ["alice cannot log in"]
    }
    judge.set(.inactive(reason: "left the company", groups: []), for: alice.userID)
    clock.advance(by: .seconds(90))
    guard case .anonymous(.ended) = await manager.resolve(success.token, client: .local) else {
        return ["a session outlives the group rules"]
    }
    return []
}

let faults = try await providerFaults() + storeFaults() + sessionFaults()
for fault in faults { print(fault) }
print(faults.isEmpty ? "custom-provider conforms" : "\(faults.count) faults")
exit(faults.isEmpty ? 0 : 1)
