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
        await guarded(CheckProgress(until: deadline)) {
            await verify(credentials, $0)
        } orElse: {
            .unavailable($0)
        }
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
        await guarded(CheckProgress(until: deadline)) {
            await answer(response, $0)
        } orElse: {
            .unavailable($0)
        }
    }

    /// Looks at an account again, at the provider that once checked its password.
    /// - Parameters:
    ///   - identity: An identity that one of these providers made.
    ///   - deadline: When to give up.
    /// - Returns: Whether the account still stands; ended if neither the provider is configured any longer nor another
    ///   one of the person's directory.
    public func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        await guarded(CheckProgress(until: deadline)) {
            await recheck(identity, $0)
        } orElse: {
            .unavailable($0)
        }
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
}

// MARK: Under a deadline that somebody else enforces

extension ProviderChain {
    /// Lets providers and rules be asked where they like to be asked, and enforces the deadline that they promise to keep.
    ///
    /// Once for a whole check: it is waited for elsewhere, so that the check ends even if that executor stands still.
    nonisolated(nonsending) func guarded<Value: Sendable>(
        _ progress: CheckProgress,
        _ check: @escaping @Sendable (CheckProgress) async -> Value,
        orElse unavailable: (Outage) -> Value
    ) async -> Value {
        let value = await HardDeadline.run(until: progress.deadline, on: executor) { await check(progress) }
        if let value { return value }
        let outage = progress.outage
        logger.error("a check did not end by its deadline", metadata: ["waited_for": "\(outage.source) \(outage.step)"])
        return unavailable(outage)
    }

    /// Does something on the executor that suits it, without a step aside where that is the chain's own.
    nonisolated(nonsending) func run<Value: Sendable>(
        on wanted: (any TaskExecutor)?,
        _ operation: nonisolated(nonsending) () async -> Value
    ) async -> Value {
        guard wanted !== executor else { return await operation() }
        return await withTaskExecutorPreference(wanted ?? globalConcurrentExecutor, operation: operation)
    }

    nonisolated(nonsending) func verify(_ credentials: Credentials, _ progress: CheckProgress) async
        -> CredentialOutcome
    {
        var firstOutage: Outage?
        var unknown: Refusal?
        for provider in providers {
            let outcome = await ask(provider, progress) {
                await provider.verify(credentials, through: PasswordGate(progress), deadline: progress.deadline)
            }
            switch outcome {
            case .refused(let refusal) where refusal.reason == .unknownUser:
                unknown = unknown ?? refusal
            case .unavailable(let outage) where onOutage == .next:
                firstOutage = firstOutage ?? outage
                progress.noteIncomplete()
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

    nonisolated(nonsending) func answer(_ response: ChallengeResponse, _ progress: CheckProgress) async
        -> CredentialOutcome
    {
        guard let provider = provider(named: response.provider) else {
            let detail = "a challenge of \(response.provider) was answered, and there is no such provider"
            return .refused(Refusal(.notPermitted, detail: detail))
        }
        return await ask(provider, progress) {
            progress.noteHandedOut()
            return await provider.answer(response, deadline: progress.deadline)
        }
    }

    nonisolated(nonsending) func recheck(_ identity: Identity, _ progress: CheckProgress) async -> AccountStanding {
        guard let provider = provider(for: identity) else {
            let detail = "provider \(identity.provider) is no longer configured"
            return .ended(Refusal(.notPermitted, provider: identity.provider, detail: detail))
        }
        progress.ask(provider)
        return await run(on: provider.executor) { await provider.recheck(identity, deadline: progress.deadline) }
    }

    private nonisolated(nonsending) func ask(
        _ provider: any CredentialProvider,
        _ progress: CheckProgress,
        _ operation: nonisolated(nonsending) () async -> CredentialOutcome
    ) async -> CredentialOutcome {
        guard ContinuousClock.now < progress.deadline else {
            let detail = "the time for the whole login was over before \(provider.name) was asked"
            return .unavailable(Outage(.timeout, source: provider.name, step: "provider", detail: detail))
        }
        progress.ask(provider)
        return await run(on: provider.executor, operation)
    }
}
