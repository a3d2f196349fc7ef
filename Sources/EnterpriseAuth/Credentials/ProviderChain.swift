public import Logging

/// Asks the configured providers in order, under one deadline.
///
/// Only a provider that does not know the name lets the next one be asked; a no from one that knows it is final, and so
/// is an outage unless the operator chose `on_outage = "next"`. Where one provider could not be asked and no other knew
/// the name, the answer is the outage: the person might have been known there.
public struct ProviderChain: Sendable {
    /// The providers in the order in which they are asked.
    public let providers: [any CredentialProvider]

    /// What an outage of one provider means for the next.
    public let onOutage: OutagePolicy

    private let logger: Logger

    /// Where whole logins are best done: where all providers want to work, if they agree.
    var executor: (any TaskExecutor)? {
        guard let first = providers.first?.executor else { return nil }
        return providers.allSatisfy { $0.executor === first } ? first : nil
    }

    /// Puts a chain together.
    /// - Parameters:
    ///   - providers: The providers in the order in which they are asked; their names differ.
    ///   - onOutage: What an outage of one provider means for the next.
    ///   - logger: Takes a line for a provider that broke its promise.
    public init(
        providers: [any CredentialProvider],
        onOutage: OutagePolicy = .stop,
        logger: Logger = Logger(label: "ent-login.providers")
    ) {
        self.providers = providers
        self.onOutage = onOutage
        self.logger = logger
    }

    /// Starts every provider and collects all failures.
    /// - Parameter deadline: When to give up.
    /// - Returns: The failures, empty if all can work.
    public func start(deadline: ContinuousClock.Instant) async -> [StartFailure] {
        var failures: [StartFailure] = []
        for provider in providers {
            do throws(StartFailure) {
                try await provider.start(deadline: deadline)
            } catch {
                failures.append(error)
            }
        }
        return failures
    }

    /// Checks a user name and a password.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - deadline: When to give up, for all providers together.
    /// - Returns: The deciding provider's outcome.
    public func verify(
        _ credentials: Credentials,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        var firstOutage: Outage?
        var unknown: Refusal?
        for provider in providers {
            let outcome = await guarded(provider, deadline: deadline) {
                await provider.verify(credentials, deadline: deadline)
            }
            switch outcome {
            case .refused(let refusal) where refusal.reason == .unknownUser:
                unknown = unknown ?? refusal
            case .unavailable(let outage) where onOutage == .next:
                firstOutage = firstOutage ?? outage
            case .verified, .challenge, .passwordChangeRequired, .refused, .unavailable:
                return outcome
            }
        }
        if let firstOutage { return .unavailable(firstOutage) }
        if let unknown { return .refused(unknown) }
        return .unavailable(
            Outage(.misconfigured, source: "login", step: "providers", detail: "no provider is configured")
        )
    }

    /// Continues where a challenge stopped, at the provider that asked.
    /// - Parameters:
    ///   - response: The answers to the challenge's prompts.
    ///   - deadline: When to give up.
    /// - Returns: That provider's outcome; no other provider is asked.
    public func answer(
        _ response: ChallengeResponse,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        guard let provider = provider(named: response.provider) else {
            let detail = "a challenge of \(response.provider) was answered, and there is no such provider"
            return .refused(Refusal(.notPermitted, detail: detail))
        }
        return await guarded(provider, deadline: deadline) {
            await provider.answer(response, deadline: deadline)
        }
    }

    /// Looks at an account again, at the provider that once checked its password.
    /// - Parameters:
    ///   - identity: An identity that one of these providers made.
    ///   - deadline: When to give up.
    /// - Returns: Whether the account still stands; ended if neither the provider is configured any longer nor another
    ///   one of the person's directory.
    public func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        guard let provider = provider(for: identity) else {
            let detail = "provider \(identity.provider) is no longer configured"
            return .ended(Refusal(.notPermitted, provider: identity.provider, detail: detail))
        }
        let standing = await HardDeadline.run(until: deadline, on: provider.executor) {
            await provider.recheck(identity, deadline: deadline)
        }
        return standing ?? .unavailable(overdue(provider))
    }

    /// The provider that can look at an account again.
    ///
    /// A person of a directory stays the same person whichever provider checks that directory's people.
    private func provider(for identity: Identity) -> (any CredentialProvider)? {
        let own = provider(named: identity.provider)
        guard case .directory(let name, _) = identity.source, own?.directoryName != name else { return own }
        return providers.first { $0.directoryName == name } ?? own
    }

    /// The provider of a configured name.
    /// - Parameter name: The name as it stands in the configuration.
    /// - Returns: The provider, or nil if none has that name.
    public func provider(named name: String) -> (any CredentialProvider)? {
        providers.first { $0.name == name }
    }

    /// Ends all that the providers hold.
    public func shutdown() async {
        for provider in providers {
            await provider.shutdown()
        }
    }

    /// Holds a provider to its promise to keep the deadline.
    private func guarded(
        _ provider: any CredentialProvider,
        deadline: ContinuousClock.Instant,
        _ operation: @escaping @Sendable () async -> CredentialOutcome
    ) async -> CredentialOutcome {
        guard ContinuousClock.now < deadline else {
            let detail = "the time for the whole login was over before \(provider.name) was asked"
            return .unavailable(Outage(.timeout, source: provider.name, step: "provider", detail: detail))
        }
        let outcome = await HardDeadline.run(until: deadline, on: provider.executor, operation)
        return outcome ?? .unavailable(overdue(provider))
    }

    private func overdue(_ provider: any CredentialProvider) -> Outage {
        logger.error("a provider did not keep the deadline", metadata: ["provider": "\(provider.name)"])
        let detail = "the provider did not answer in time, nor end when it was cancelled"
        return Outage(.timeout, source: provider.name, step: "provider", detail: detail)
    }
}
