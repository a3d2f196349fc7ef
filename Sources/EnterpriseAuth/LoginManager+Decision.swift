extension LoginManager {
    /// What a password came to, before there is a session.
    enum Decision: Sendable {
        /// The person is who they say, and active.
        case proven(SessionDraft, notices: [CredentialNotice])
        case challenge(Challenge)
        case passwordChangeRequired(Identity, PasswordChangeReason)
        case refused(Refusal)
        case unavailable(Outage)
    }

    /// Draws the conclusion from what was found, and answers refusals at their time.
    ///
    /// Where `expected` is given, it must be that person.
    nonisolated(nonsending) func decide(
        _ attempt: LoginAttempt,
        _ finding: PersonSources.Finding,
        expected: UserID? = nil
    ) async -> Decision {
        let decision = conclusion(attempt, finding, expected: expected)
        if case .refused = decision { await pauseAfterRefusal(attempt) }
        return decision
    }

    /// The conclusion, reported and not yet answered.
    private func conclusion(
        _ attempt: LoginAttempt,
        _ finding: PersonSources.Finding,
        expected: UserID?
    ) -> Decision {
        switch finding.outcome {
        case .verified(let identity, let notices):
            return judge(attempt, identity, finding, expected: expected) { .proven($0, notices: notices) }
        case .passwordChangeRequired(let identity, let reason):
            return judge(attempt, identity, finding, expected: expected) { [self] _ in
                report(attempt, .passwordChangeRequired, reason: reason.rawValue, identity: identity)
                return .passwordChangeRequired(identity, reason)
            }
        case .challenge(let challenge):
            report(attempt, .challenge, provider: challenge.provider)
            return .challenge(challenge)
        case .refused(let refusal):
            return refused(attempt, refusal)
        case .unavailable(let outage):
            return .unavailable(unavailable(attempt, outage, identity: nil))
        }
    }

    /// Whether the person whose password was right is the one, and active.
    private func judge(
        _ attempt: LoginAttempt,
        _ identity: Identity,
        _ finding: PersonSources.Finding,
        expected: UserID?,
        ifActive: (SessionDraft) -> Decision
    ) -> Decision {
        var attempt = attempt
        attempt.userID = identity.userID
        if let expected, expected != identity.userID {
            let detail = "the password is that of \(identity.userID), not of \(expected)"
            return refused(attempt, Refusal(.notPermitted, provider: identity.provider, detail: detail))
        }
        switch finding.answer {
        case .active(let user):
            return ifActive(SessionDraft(user: user, verdictAt: finding.askedAt, isFresh: true, client: attempt.client))
        case .inactive(_, let reason):
            return refused(attempt, Refusal(.inactive, provider: identity.provider, detail: reason))
        case .gone(let refusal):
            return refused(attempt, refusal)
        case .unavailable(let outage):
            return .unavailable(unavailable(attempt, outage, identity: identity))
        case nil:
            let detail = "nobody asked the group rules about \(identity.loginName)"
            let outage = Outage(.internal, source: identity.provider, step: "groups", detail: detail)
            return .unavailable(unavailable(attempt, outage, identity: identity))
        }
    }

    private func refused(_ attempt: LoginAttempt, _ refusal: Refusal) -> Decision {
        report(
            attempt,
            .refused,
            reason: refusal.reason.rawValue,
            detail: refusal.detail,
            provider: refusal.provider
        )
        return .refused(refusal)
    }

    /// Reports a refusal, and lets it wait for the time at which all refusals are answered.
    nonisolated(nonsending) func refuse(_ attempt: LoginAttempt, _ refusal: Refusal) async -> Refusal {
        _ = refused(attempt, refusal)
        await pauseAfterRefusal(attempt)
        return refusal
    }

    private nonisolated(nonsending) func pauseAfterRefusal(_ attempt: LoginAttempt) async {
        await pause(attempt.start + login.refusalTime)
    }

    /// When to give up waiting for the store: with the login itself, but even after slow sources it gets a second.
    func storeDeadline(of attempt: LoginAttempt) -> ContinuousClock.Instant {
        max(attempt.start + login.deadline, .now + .seconds(1))
    }

    /// Reports an outage; it is answered at once.
    func unavailable(_ attempt: LoginAttempt, _ outage: Outage, identity: Identity?) -> Outage {
        report(
            attempt,
            .unavailable,
            reason: outage.kind.rawValue,
            detail: "\(outage)",
            provider: identity?.provider ?? outage.source,
            identity: identity
        )
        return outage
    }

    func report(
        _ attempt: LoginAttempt,
        _ outcome: LoginEvent.Outcome,
        reason: String = "",
        detail: String = "",
        provider: String? = nil,
        identity: Identity? = nil,
        sessionID: SessionID? = nil
    ) {
        var event = LoginEvent(attempt.kind, outcome, at: keeper.now, reason: reason, detail: detail)
        event.userID = identity?.userID ?? attempt.userID
        event.name = identity?.loginName ?? attempt.name
        event.provider = identity?.provider ?? provider
        event.sessionID = sessionID ?? attempt.sessionID
        event.client = attempt.client
        if outcome == .success, attempt.failuresBefore > 0 {
            event.count = attempt.failuresBefore
            event.detail = "after \(attempt.failuresBefore) failed attempts"
        }
        trail.record(event)
        if attempt.kind == .login {
            metrics.countLogin(outcome: outcome, reason: reason, provider: event.provider ?? "")
        }
    }
}
