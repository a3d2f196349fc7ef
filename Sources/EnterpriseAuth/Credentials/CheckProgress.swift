internal import Synchronization

/// How far one check of a person has come, so that it can be said who did not answer if nobody does, and what is known
/// of the password then.
final class CheckProgress: Sendable {
    /// Says whether a password may be shown for a person, by the login name as the source spells it; nil if so.
    typealias Admission = @Sendable (String) async -> CredentialOutcome?

    private enum Stage: Sendable {
        case beginning
        case provider(String)
        case rules(Identity)
    }

    private struct State: Sendable {
        var stage = Stage.beginning
        var wasHandedOut = false
        var isIncomplete = false
    }

    /// When to give up.
    let deadline: ContinuousClock.Instant

    private let admission: Admission?
    private let state = Mutex(State())

    init(until deadline: ContinuousClock.Instant, admission: Admission? = nil) {
        self.deadline = deadline
        self.admission = admission
    }

    /// Whether the password, or an answer, has been shown to any source.
    var wasHandedOut: Bool { state.withLock { $0.wasHandedOut } }

    /// Whether a provider that came before the deciding one did not answer.
    var isIncomplete: Bool { state.withLock { $0.isIncomplete } }

    /// A provider is asked now.
    func ask(_ provider: any CredentialProvider) {
        state.withLock { $0.stage = .provider(provider.name) }
    }

    /// The group rules are asked now about a person.
    func askRules(about identity: Identity) {
        state.withLock { $0.stage = .rules(identity) }
    }

    func noteHandedOut() {
        state.withLock { $0.wasHandedOut = true }
    }

    func noteIncomplete() {
        state.withLock { $0.isIncomplete = true }
    }

    /// Asks whether the password may be shown for a person.
    func admit(_ loginName: String) async -> CredentialOutcome? {
        await admission?(loginName)
    }

    /// Whom the group rules were asked about.
    var person: Identity? {
        guard case .rules(let identity) = state.withLock({ $0.stage }) else { return nil }
        return identity
    }

    /// What is said if it never ended.
    var outage: Outage {
        switch state.withLock({ $0.stage }) {
        case .beginning:
            Outage(.timeout, source: "login", step: "providers", detail: "nothing went on until the deadline")
        case .provider(let name):
            Outage(
                .timeout,
                source: name,
                step: "provider",
                detail: "the provider did not answer in time, nor end when it was cancelled"
            )
        case .rules(let identity):
            Outage(
                .timeout,
                source: identity.provider,
                step: "groups",
                detail: "the group rules were not decided in time"
            )
        }
    }
}
