internal import LDAPClient

extension DecisionStep {
    /// A search, as `explain` shows it.
    static func search(
        _ step: String,
        at server: String,
        _ request: LDAPSearchRequest,
        result: LDAPSearchResult?,
        outage: Outage?,
        duration: Duration
    ) -> DecisionStep {
        let entries = result.map { $0.entries.map(\.dn).joined(separator: " | ") } ?? ""
        return DecisionStep(
            step: step,
            target: server,
            request: "\(request.base.isEmpty ? "(root DSE)" : request.base)?\(request.scope)?\(request.filter)",
            result: outage != nil ? "unavailable" : (result?.entries.isEmpty ?? true) ? "nothing" : "found",
            code: outage?.code ?? result.map { Int($0.code.rawValue) },
            durationMilliseconds: duration.milliseconds,
            detail: outage?.detail ?? entries
        )
    }

    /// A bind that was answered.
    static func bind(at server: String, dn: String, outcome: LDAPBindOutcome, duration: Duration) -> DecisionStep {
        let policy = outcome.passwordPolicy
        let facts = [
            outcome.diagnostic.isEmpty ? nil : outcome.diagnostic,
            policy?.problem.map { "policy: \($0)" },
            policy?.graceLoginsRemaining.map { "grace logins left: \($0)" },
            policy?.secondsBeforeExpiration.map { "expires in \($0) s" },
        ]
        return DecisionStep(
            step: "bind",
            target: server,
            request: dn,
            result: outcome.isSuccess ? "ok" : outcome.code.category == .outage ? "unavailable" : "no",
            code: Int(outcome.code.rawValue),
            durationMilliseconds: duration.milliseconds,
            detail: facts.compactMap { $0 }.joined(separator: ", ")
        )
    }

    /// A bind that was not.
    static func bind(at server: String, dn: String, outage: Outage, duration: Duration) -> DecisionStep {
        DecisionStep(
            step: outage.step,
            target: server,
            request: dn,
            result: "unavailable",
            code: outage.code,
            durationMilliseconds: duration.milliseconds,
            detail: outage.detail
        )
    }
}

extension Duration {
    /// The duration in milliseconds, for people and JSON.
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
