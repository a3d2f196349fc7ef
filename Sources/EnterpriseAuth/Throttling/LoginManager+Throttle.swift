extension LoginManager {
    /// Lists what the throttle remembers of failures.
    /// - Returns: The counters, those first that must wait longest; empty if the configuration wants no throttle.
    /// - Throws: `Outage` if the store cannot say.
    public func throttleEntries() async throws(Outage) -> [ThrottleEntry] {
        try await throttle?.entries() ?? []
    }

    /// Makes the throttle forget failures.
    /// - Parameters:
    ///   - selection: Which counters.
    ///   - client: Where the request comes from, for the audit log.
    /// - Returns: How many counters there were.
    /// - Throws: `Outage` if the store could not say which, or could not be told.
    @discardableResult
    public func clearThrottle(_ selection: ThrottleSelection, client: SessionClient) async throws(Outage) -> Int {
        let count = try await throttle?.clear(selection) ?? 0
        var event = LoginEvent(.throttleClear, .success, at: keeper.now)
        event.client = client
        event.count = count
        switch selection {
        case .all: event.detail = "all counters"
        case .user(let name): event.name = name
        case .source(let address): event.detail = "source \(address)"
        }
        trail.record(event)
        return count
    }

    /// Checks a password, if the throttle lets it through, then whether the person is active.
    nonisolated(nonsending) func verify(
        _ credentials: Credentials,
        _ attempt: inout LoginAttempt,
        device: KnownDevice?
    ) async -> PersonSources.Finding {
        let deadline = attempt.start + login.deadline
        let admission = await throttle?.admit(credentials, client: attempt.client, device: device, until: deadline)
        return await find(&attempt, admission) { await $0.verify(credentials, $1) }
    }

    /// Checks an answer, if the throttle lets it through, then whether the person is active.
    nonisolated(nonsending) func answer(
        _ response: ChallengeResponse,
        _ attempt: inout LoginAttempt
    ) async -> PersonSources.Finding {
        let deadline = attempt.start + login.deadline
        let admission = await throttle?.admit(response, client: attempt.client, until: deadline)
        return await find(&attempt, admission) { await $0.answer(response, $1) }
    }

    /// Asks whoever may be asked, and tells the throttle what it was; without a throttle there is no admission.
    private nonisolated(nonsending) func find(
        _ attempt: inout LoginAttempt,
        _ admission: ThrottleAdmission?,
        _ check: @escaping @Sendable (ProviderChain, CheckProgress) async -> CredentialOutcome
    ) async -> PersonSources.Finding {
        switch admission {
        case nil: return await find(attempt, check)
        case .admitted(let ticket):
            attempt.failuresBefore = ticket.failuresBefore
            let finding = await find(attempt, check)
            await throttle?.settle(ticket, finding)
            return finding
        case .throttled(_, let detail):
            let refusal = Refusal(.throttled, detail: detail)
            return PersonSources.Finding(askedAt: keeper.now, outcome: .refused(refusal), answer: nil)
        case .unavailable(let outage):
            return PersonSources.Finding(askedAt: keeper.now, outcome: .unavailable(outage), answer: nil)
        }
    }
}
