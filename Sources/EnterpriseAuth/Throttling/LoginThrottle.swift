internal import HostCrypto
internal import Logging

/// Slows guessing at passwords down, before any provider is asked: one for all doors of a manager.
final class LoginThrottle: Sendable {
    private let configuration: ThrottleConfiguration
    private let engine: any ThrottleEngine
    private let metrics: LoginMetrics
    /// Passwords are compared under a key that is made here and is gone with the process.
    private let passwordKey = HMACKey(RandomBytes.secret(32))

    init?(
        _ configuration: ThrottleConfiguration,
        store: (any SessionStore)?,
        clock: any WallClock,
        logger: Logger,
        metrics: LoginMetrics
    ) {
        guard configuration.enabled else { return nil }
        self.configuration = configuration
        self.metrics = metrics
        let store = store as? any ThrottleStore
        if let store, store.isShared {
            engine = SharedThrottle(configuration, store: store, clock: clock, logger: logger)
        } else {
            engine = MemoryThrottle(configuration, store: store, clock: clock, logger: logger)
        }
    }

    /// Lets a password through to the providers, or not.
    nonisolated(nonsending) func admit(
        _ credentials: Credentials,
        client: SessionClient,
        device: KnownDevice?,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission {
        let account = AccountName.folded(credentials.username)
        let networks = client.kind == .local ? [] : client.address.map(configuration.networks) ?? []
        let subject = ThrottleSubject(account: account, networks: networks, device: device)
        return await admit(subject, credentials, until: deadline)
    }

    /// Lets a password through to the person whom a source has found by that name, or not.
    /// - Parameters:
    ///   - first: The ticket of the attempt so far.
    ///   - credentials: What was typed.
    ///   - loginName: The name as the source spells it.
    ///   - deadline: When to give up waiting for others.
    /// - Returns: Nil if the ticket stands for that name as well.
    nonisolated(nonsending) func admit(
        _ first: ThrottleTicket,
        _ credentials: Credentials,
        as loginName: String,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission? {
        guard first.subject.device == nil else { return nil }
        let account = AccountName.folded(loginName)
        guard account != first.subject.account else { return nil }
        return await admit(first.subject.also(account), credentials, until: deadline)
    }

    private nonisolated(nonsending) func admit(
        _ subject: ThrottleSubject,
        _ credentials: Credentials,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission {
        // No name holds a NUL, so that it is clear where it ends.
        let password = passwordKey.code(for: Array(subject.account.utf8) + [0], followedBy: credentials.password)
        return count(await engine.admit(subject, password: password, until: deadline))
    }

    /// Lets an answer to a challenge through, or not.
    nonisolated(nonsending) func admit(
        answerOf subject: ThrottleSubject,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission {
        count(await engine.admit(subject, password: nil, until: deadline))
    }

    /// Hears what became of an attempt that was let through.
    nonisolated(nonsending) func settle(
        _ tickets: [ThrottleTicket],
        _ finding: PersonSources.Finding,
        until deadline: ContinuousClock.Instant
    ) async {
        let result = Self.result(finding)
        for ticket in tickets { await engine.settle(ticket, result, until: deadline) }
    }

    /// Hears that an attempt which was let through is not made.
    nonisolated(nonsending) func giveBack(_ ticket: ThrottleTicket, until deadline: ContinuousClock.Instant) async {
        await engine.settle(ticket, .neither, until: deadline)
    }

    /// Every counter, those first that must wait longest.
    func entries() async throws(Outage) -> [ThrottleEntry] { try await engine.entries() }

    /// Forgets counters.
    func clear(_ selection: ThrottleSelection) async throws(Outage) -> Int { try await engine.clear(selection) }

    func sweep() async { await engine.sweep() }

    func close(until deadline: ContinuousClock.Instant) async { await engine.close(until: deadline) }

    private static func result(_ finding: PersonSources.Finding) -> ThrottleResult {
        switch (finding.outcome, finding.answer) {
        case (.refused(let refusal), _) where refusal.reason.countsAsGuess:
            finding.isIncomplete ? .doubtfulGuess : .guess
        case (.verified, .active): .success
        case (.verified, _), (.passwordChangeRequired, _): .right
        case (.unavailable(let outage), _) where outage.kind == .cancelled && Task.isCancelled:
            finding.wasHandedOut ? .abandoned : .neither
        case (.refused, _), (.unavailable, _), (.challenge, _): .neither
        }
    }

    private func count(_ admission: ThrottleAdmission) -> ThrottleAdmission {
        if case .throttled(let counter, _) = admission { metrics.countThrottled(by: counter) }
        return admission
    }
}
