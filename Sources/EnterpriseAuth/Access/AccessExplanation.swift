/// What the access rules say of a person's request, and what was found about the person: `ent-login access-check`.
public struct AccessExplanation: Sendable, Hashable {
    /// What the rules say.
    public let decision: AccessDecision
    /// What a login of the person would come to; nil if a visitor was asked about.
    public let login: Explanation.Decision?
    /// What is wrong with the groups that the rules name.
    public let failures: [StartFailure]
}

extension LoginAssembly {
    /// Tells which access rule decides about a request, as it would for a person who has logged in.
    /// - Parameters:
    ///   - request: The request.
    ///   - username: Who asks, as somebody would type it; nil for a visitor.
    ///   - deadline: When to give up.
    /// - Returns: The decision, and what led to it.
    public func explainAccess(
        _ request: AccessRequest,
        by username: String?,
        deadline: ContinuousClock.Instant
    ) async -> AccessExplanation {
        let failures = await accessPolicy.recheck(deadline: deadline)
        guard let username else {
            let decision = accessPolicy.decide(request, for: nil, checkedAt: nil)
            return AccessExplanation(decision: decision, login: nil, failures: failures)
        }
        let (login, user) = await Explainer(assembly: self, deadline: deadline).decide(username)
        if login.outcome == .unavailable {
            let outage = Outage(
                .unreachable,
                source: login.provider ?? "providers",
                step: "explain",
                detail: login.reason
            )
            let decision = AccessDecision(.unavailable(outage), login.reason)
            return AccessExplanation(decision: decision, login: login, failures: failures)
        }
        // Somebody who cannot log in is a visitor; somebody who is found inactive is told so.
        let decision = accessPolicy.decide(request, for: user, checkedAt: nil)
        return AccessExplanation(decision: decision, login: login, failures: failures)
    }
}
