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
        return await find(&attempt, admission, credentials) { await $0.verify(credentials, $1) }
    }

    /// Checks an answer, if one is waited for and the throttle lets it through, then whether the person is active.
    nonisolated(nonsending) func answer(
        _ response: ChallengeResponse,
        _ attempt: inout LoginAttempt
    ) async -> PersonSources.Finding {
        guard let waiting = challenges.claim(response.challengeID) else {
            let detail = "no login waits for this answer, or another answer came first"
            return finding(.refused(Refusal(.notPermitted, provider: response.provider, detail: detail)))
        }
        attempt.name = attempt.name ?? waiting.name
        var admission: ThrottleAdmission?
        if let throttle, let subject = waiting.subject {
            admission = await throttle.admit(answerOf: subject, until: attempt.start + login.deadline)
        }
        switch admission {
        case nil, .admitted: challenges.close(response.challengeID)
        case .throttled, .unavailable: challenges.release(response.challengeID)
        }
        return await find(&attempt, admission, nil) { await $0.answer(response, $1) }
    }

    /// Asks whoever may be asked, and tells the throttle what it was; without a throttle there is no admission.
    private nonisolated(nonsending) func find(
        _ attempt: inout LoginAttempt,
        _ admission: ThrottleAdmission?,
        _ credentials: Credentials?,
        _ check: @escaping @Sendable (ProviderChain, CheckProgress) async -> CredentialOutcome
    ) async -> PersonSources.Finding {
        let deadline = attempt.start + login.deadline
        var first: ThrottleTicket?
        switch admission {
        case nil: break
        case .admitted(let ticket): first = ticket
        case .throttled(_, let detail): return finding(.refused(Refusal(.throttled, detail: detail)))
        case .unavailable(let outage): return finding(.unavailable(outage))
        }
        attempt.failuresBefore = first?.failuresBefore ?? 0
        let passes = ThrottlePasses()
        let second = secondAdmission(first, credentials, passes, until: deadline)
        let progress = CheckProgress(until: deadline, admission: second)
        // The time first: what the sources before a reload say must not seem newer than the reload.
        let now = keeper.now
        let finding = await sources.find(at: now, progress, check)
        let tickets = [first].compactMap(\.self) + passes.close()
        await throttle?.settle(tickets, finding, until: storeDeadline(of: attempt))
        if case .challenge(let challenge) = finding.outcome {
            challenges.open(challenge.id, OpenChallenges.Waiting(name: attempt.name, subject: first?.subject))
        }
        return finding
    }

    /// What lets a password through a second time, where a source has the person under another name than was typed.
    private func secondAdmission(
        _ first: ThrottleTicket?,
        _ credentials: Credentials?,
        _ passes: ThrottlePasses,
        until deadline: ContinuousClock.Instant
    ) -> CheckProgress.Admission? {
        guard let throttle, let first, let credentials else { return nil }
        return { loginName in
            switch await throttle.admit(first, credentials, as: loginName, until: deadline) {
            case nil: return nil
            case .admitted(let ticket):
                if passes.keep(ticket) { return nil }
                await throttle.giveBack(ticket, until: .now + SessionKeeper.storeTimeout)
                let detail = "the login was over before the password was shown"
                return .unavailable(Outage(.cancelled, source: "throttle", step: "wait", detail: detail))
            case .throttled(_, let detail):
                return .refused(Refusal(.throttled, detail: "as \(loginName): \(detail)"))
            case .unavailable(let outage): return .unavailable(outage)
            }
        }
    }

    private func finding(_ outcome: CredentialOutcome) -> PersonSources.Finding {
        PersonSources.Finding(askedAt: keeper.now, outcome: outcome, answer: nil)
    }
}
