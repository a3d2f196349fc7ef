internal import HostCrypto
internal import Logging
internal import Synchronization

/// Slows guessing at passwords down, before any provider is asked: one for all doors of a manager.
final class LoginThrottle: Sendable {
    /// Whose answer a challenge waits for, the oldest first.
    private struct OpenChallenges: Sendable {
        var subjects: [String: ThrottleSubject] = [:]
        var order: [String] = []
    }

    private static let challengeLimit = 4096

    private let configuration: ThrottleConfiguration
    private let engine: any ThrottleEngine
    private let metrics: LoginMetrics
    /// Passwords are compared under a key that is made here and is gone with the process.
    private let passwordKey = HMACKey(RandomBytes.secret(32))
    private let challenges = Mutex(OpenChallenges())

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
            engine = SharedThrottle(configuration: configuration, store: store, clock: clock, logger: logger)
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
        let subject = ThrottleSubject(account: account, network: network(of: client), device: device)
        // No name holds a NUL, so that it is clear where it ends.
        let password = passwordKey.code(for: Array(account.utf8) + [0], followedBy: credentials.password)
        return count(await engine.admit(subject, password: password, until: deadline))
    }

    /// Lets an answer to a challenge through, or not.
    nonisolated(nonsending) func admit(
        _ response: ChallengeResponse,
        client: SessionClient,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission {
        let asked = challenges.withLock { challenges -> ThrottleSubject? in
            challenges.order.removeAll { $0 == response.challengeID }
            return challenges.subjects.removeValue(forKey: response.challengeID)
        }
        let subject = asked ?? ThrottleSubject(account: nil, network: network(of: client), device: nil)
        return count(await engine.admit(subject, password: nil, until: deadline))
    }

    /// Hears what became of an attempt that was let through.
    nonisolated(nonsending) func settle(_ ticket: ThrottleTicket, _ finding: PersonSources.Finding) async {
        if case .challenge(let challenge) = finding.outcome { remember(challenge, of: ticket.subject) }
        await engine.settle(ticket, Self.result(finding))
    }

    /// Every counter, those first that must wait longest.
    func entries() async throws(Outage) -> [ThrottleEntry] { try await engine.entries() }

    /// Forgets counters.
    func clear(_ selection: ThrottleSelection) async throws(Outage) -> Int { try await engine.clear(selection) }

    func sweep() async { await engine.sweep() }

    func close(until deadline: ContinuousClock.Instant) async { await engine.close(until: deadline) }

    private static func result(_ finding: PersonSources.Finding) -> ThrottleResult {
        switch (finding.outcome, finding.answer) {
        case (.refused(let refusal), _): refusal.reason.countsAsGuess ? .guess : .neither
        case (.verified, .active): .success
        case (.unavailable(let outage), _): outage.kind == .cancelled && Task.isCancelled ? .abandoned : .neither
        case (.verified, _), (.passwordChangeRequired, _), (.challenge, _): .neither
        }
    }

    private func network(of client: SessionClient) -> String? {
        client.kind == .local ? nil : client.address.map(configuration.network)
    }

    private func remember(_ challenge: Challenge, of subject: ThrottleSubject) {
        challenges.withLock { challenges in
            if challenges.subjects.updateValue(subject, forKey: challenge.id) == nil {
                challenges.order.append(challenge.id)
            }
            guard challenges.order.count > Self.challengeLimit else { return }
            let oldest = challenges.order.prefix(Self.challengeLimit / 8)
            challenges.order.removeFirst(oldest.count)
            for id in oldest { challenges.subjects[id] = nil }
        }
    }

    private func count(_ admission: ThrottleAdmission) -> ThrottleAdmission {
        if case .throttled(let counter, _) = admission { metrics.countThrottled(by: counter) }
        return admission
    }
}
