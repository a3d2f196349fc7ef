internal import Synchronization

/// How far one check of a person has come, so that it can be said who did not answer if nobody does.
final class CheckProgress: Sendable {
    private enum Stage: Sendable {
        case beginning
        case provider(String)
        case rules(Identity)
    }

    /// When to give up.
    let deadline: ContinuousClock.Instant

    private let stage = Mutex(Stage.beginning)

    init(until deadline: ContinuousClock.Instant) {
        self.deadline = deadline
    }

    /// A provider is asked now.
    func ask(_ provider: any CredentialProvider) {
        stage.withLock { $0 = .provider(provider.name) }
    }

    /// The group rules are asked now about a person.
    func askRules(about identity: Identity) {
        stage.withLock { $0 = .rules(identity) }
    }

    /// Whom the group rules were asked about.
    var person: Identity? {
        guard case .rules(let identity) = stage.withLock({ $0 }) else { return nil }
        return identity
    }

    /// What is said if it never ended.
    var outage: Outage {
        switch stage.withLock({ $0 }) {
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
