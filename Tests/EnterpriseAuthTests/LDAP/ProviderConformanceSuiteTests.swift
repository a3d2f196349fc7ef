import EnterpriseAuth
import EnterpriseAuthTesting
import HostSystem
import Testing

/// A provider over a table in memory, with a fault of one's choice.
private struct TableProvider: CredentialProvider {
    enum Fault: CaseIterable {
        case none, trimsPasswords, acceptsEverything, foldsPasswords, forgetsDeadline, echoesTypedName, looksUpPrefixes
    }

    let name = "table"
    let people: [String: String]
    let fault: Fault

    func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
        if fault != .forgetsDeadline, Task.isCancelled || ContinuousClock.now >= deadline {
            return .unavailable(Outage(.timeout, source: name, step: "table", detail: "late"))
        }
        var known = people.keys.first { $0 == credentials.username.lowercased().split(separator: " ").joined() }
        if fault == .looksUpPrefixes, credentials.username.hasSuffix("*") {
            known = people.keys.first { $0.hasPrefix(credentials.username.dropLast()) }
        }
        guard let known, let right = people[known] else {
            return .refused(Refusal(.unknownUser, provider: name, detail: ""))
        }
        // SecretBytes show nothing, so every form of the right password that the fault accepts is compared.
        var accepted = [right]
        if fault == .trimsPasswords { accepted.append(right + " ") }
        if fault == .foldsPasswords { accepted.append(right.uppercased()) }
        let isRight = accepted.contains { SecretBytes(Array($0.utf8)) == credentials.password }
        guard isRight || fault == .acceptsEverything else {
            return .refused(Refusal(.wrongPassword, provider: name, detail: ""))
        }
        let login = fault == .echoesTypedName ? credentials.username : known
        let id = UserID(source: name, value: login)
        let source = IdentitySource.local(provider: name, uid: 1000)
        return .verified(Identity(userID: id, loginName: login, provider: name, source: source), notices: [])
    }

    func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        .good(identity)
    }
}

@Suite("The conformance suite for providers")
struct ProviderConformanceSuiteTests {
    static let suite = ProviderConformanceSuite(
        active: ProviderConformanceSuite.Person("alice", password: "open-alice"),
        people: [ProviderConformanceSuite.Person("bob", password: "open-bob")],
        traits: Set(ProviderConformanceSuite.Trait.allCases)
    )

    private static func failures(_ fault: TableProvider.Fault) async -> [ProviderConformanceSuite.Result] {
        let provider = TableProvider(people: ["alice": "open-alice", "bob": "open-bob"], fault: fault)
        return await suite.run(against: provider).filter { !$0.hasPassed }
    }

    @Test("passes a provider that does everything right")
    func right() async {
        let failures = await Self.failures(.none)
        #expect(failures.isEmpty, "\(failures)")
    }

    @Test("finds each fault", arguments: TableProvider.Fault.allCases.filter { $0 != .none })
    private func wrong(_ fault: TableProvider.Fault) async {
        let failures = await Self.failures(fault)
        #expect(!failures.isEmpty)
    }

    @Test("leaves out what the backend cannot have")
    func traits() {
        var plain = Self.suite
        #expect(plain.scenarios.contains { $0.needs.contains(.foldsNames) })
        plain = ProviderConformanceSuite(active: plain.active, people: plain.people)
        #expect(plain.scenarios.allSatisfy { $0.needs.isEmpty })
    }

    @Test("gives every scenario a sentence of its own")
    func names() {
        let names = Self.suite.scenarios.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
