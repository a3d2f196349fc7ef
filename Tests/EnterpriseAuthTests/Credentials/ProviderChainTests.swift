import EnterpriseAuth
import HostSystem
import TestBed
import Testing

@Suite("ProviderChain")
struct ProviderChainTests {
    /// Answers always the same, after a while.
    private struct FixedProvider: CredentialProvider {
        let name: String
        let outcome: CredentialOutcome
        var delay: Duration = .zero
        var directoryName: String?

        func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
            // In a task of its own, which is not cancelled with this one.
            if delay > .zero { try? await Task { try await Task.sleep(for: delay) }.value }
            return outcome
        }

        func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
            .good(identity)
        }
    }

    private static func identity(_ provider: String) -> Identity {
        Identity(
            userID: UserID(source: provider, value: "alice"),
            loginName: "alice",
            provider: provider,
            source: .application
        )
    }

    private static func refused(_ reason: Refusal.Reason) -> CredentialOutcome {
        .refused(Refusal(reason, detail: "scripted"))
    }

    private static let down = CredentialOutcome.unavailable(
        Outage(.unreachable, source: "first", step: "connect", detail: "scripted")
    )

    /// One word for an outcome, so that tables stay readable.
    private func word(_ outcome: CredentialOutcome) -> String {
        switch outcome {
        case .verified(let identity, _): "verified by \(identity.provider)"
        case .challenge(let challenge): "challenge by \(challenge.provider)"
        case .passwordChangeRequired(let identity, _): "change at \(identity.provider)"
        case .refused(let refusal): refusal.reason.rawValue
        case .unavailable(let outage): "unavailable \(outage.source)"
        }
    }

    private func ask(_ chain: ProviderChain, within time: Duration = .seconds(10)) async throws -> String {
        let credentials = try Credentials(username: "alice", password: SecretBytes("secret".utf8))
        return word(await chain.verify(credentials, deadline: .now + time))
    }

    private static let yes = CredentialOutcome.verified(identity("second"), notices: [])

    @Test(
        "only an unknown name, or an outage where the operator said so, lets the second provider be asked",
        arguments: [
            (refused(.unknownUser), .stop, "verified by second"),
            (refused(.wrongPassword), .stop, "wrong_password"),
            (refused(.locked), .stop, "locked"),
            (refused(.disabled), .next, "disabled"),
            (refused(.expired), .next, "expired"),
            (refused(.notPermitted), .next, "not_permitted"),
            (down, .stop, "unavailable first"),
            (down, .next, "verified by second"),
            (.passwordChangeRequired(identity("first"), .expired), .next, "change at first"),
        ] as [(CredentialOutcome, OutagePolicy, String)]
    )
    func fallThrough(first: CredentialOutcome, policy: OutagePolicy, expected: String) async throws {
        let providers = [
            FixedProvider(name: "first", outcome: first), FixedProvider(name: "second", outcome: Self.yes),
        ]
        #expect(try await ask(ProviderChain(providers: providers, onOutage: policy)) == expected)
    }

    @Test("an outage outweighs a later provider that does not know the name")
    func outageOutweighsUnknown() async throws {
        let providers = [
            FixedProvider(name: "first", outcome: Self.down),
            FixedProvider(name: "second", outcome: Self.refused(.unknownUser)),
        ]
        #expect(try await ask(ProviderChain(providers: providers, onOutage: .next)) == "unavailable first")
    }

    @Test("a chain without providers is an outage, never a yes")
    func empty() async throws {
        #expect(try await ask(ProviderChain(providers: [])) == "unavailable login")
    }

    @Test("a provider that ignores its deadline and cancellation does not hold the caller")
    func overdue() async throws {
        let slow = FixedProvider(name: "first", outcome: Self.yes, delay: .seconds(4))
        let punctuality = Punctuality(within: .milliseconds(200))
        #expect(try await ask(ProviderChain(providers: [slow]), within: .milliseconds(200)) == "unavailable first")
        #expect(await punctuality.isKept())
    }

    @Test("an answer to a challenge of a provider that is not there is refused")
    func strayAnswer() async {
        let response = ChallengeResponse(challengeID: "x", provider: "nobody", answers: [])
        let outcome = await ProviderChain(providers: []).answer(response, deadline: .now + .seconds(1))
        #expect(word(outcome) == "not_permitted")
    }

    @Test("a person of a directory is looked at by any provider of that directory", arguments: ["corp", "other"])
    func recheckByDirectory(directory: String) async {
        let refusal = CredentialOutcome.refused(Refusal(.unknownUser, detail: "scripted"))
        let pam = FixedProvider(name: "pam", outcome: refusal, directoryName: directory)
        let identity = Identity(
            userID: UserID(source: "corp", value: "alice"),
            loginName: "alice",
            provider: "ldap",
            source: .directory(name: "corp", dn: "uid=alice,dc=example")
        )
        let standing = await ProviderChain(providers: [pam]).recheck(identity, deadline: .now + .seconds(30))
        switch standing {
        case .good: #expect(directory == "corp")
        case .ended: #expect(directory == "other")
        default: Issue.record("neither good nor ended: \(standing)")
        }
    }

    @Test("an account whose provider is gone from the configuration does not stand")
    func recheckWithoutProvider() async {
        let standing = await ProviderChain(providers: []).recheck(Self.identity("gone"), deadline: .now + .seconds(1))
        guard case .ended(let refusal) = standing else {
            Issue.record("expected an end, got \(standing)")
            return
        }
        #expect(refusal.reason == .notPermitted)
    }
}
