internal import HostSystem
internal import LDAPClient

extension Directory {
    /// Checks a password with a bind as the person, never as anybody else and never on a connection that searches.
    ///
    /// A server that saw the bind and did not answer may have counted a wrong password, so the bind is sent to one
    /// further server at most. A server that answered busy or unavailable has not looked at the password.
    /// - Parameters:
    ///   - dn: The person's entry.
    ///   - password: The password; not empty.
    ///   - preferred: The server that knew the entry, which surely has it.
    ///   - deadline: When to give up.
    /// - Returns: A server's answer, and which.
    /// - Throws: `Outage` if none did.
    nonisolated(nonsending) func bind(
        dn: String,
        password: SecretBytes,
        preferring preferred: DirectoryServer?,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> (outcome: LDAPBindOutcome, server: DirectoryServer) {
        var round = ServerRound(servers, preferring: preferred, directory: name)
        var unanswered = 0
        while unanswered < 2, ContinuousClock.now < deadline, let (server, sharers) = round.next() {
            switch await bindOnce(dn: dn, password: password, at: server, sharers: sharers, deadline: deadline) {
            case .answer(let outcome):
                return (outcome, server)
            case .silence(let outage, let isServersFault, let mayHaveActed):
                if mayHaveActed { unanswered += 1 }
                server.failed(.bind, because: outage, isServersFault: isServersFault)
                round.note(outage)
            case .cancelled:
                throw Outage(.cancelled, source: name, step: "bind", detail: "the caller went away")
            }
        }
        throw round.outage(step: "bind")
    }

    private nonisolated(nonsending) func bindOnce(
        dn: String,
        password: SecretBytes,
        at server: DirectoryServer,
        sharers: Int,
        deadline: ContinuousClock.Instant
    ) async -> ServerAttempt<LDAPBindOutcome> {
        let begin = ContinuousClock.now
        let end = AttemptBudget.end(now: begin, deadline: deadline, serversLeft: sharers, limit: operationLimit)
        do throws(LDAPError) {
            let outcome = try await server.bindPool.bind(name: dn, password: password, deadline: end)
            let duration = ContinuousClock.now - begin
            DecisionTrace.record(.bind(at: server.url, dn: dn, outcome: outcome, duration: duration))
            guard outcome.code.category != .outage else {
                return ServerAttempt(
                    code: outcome.code,
                    diagnostic: outcome.diagnostic,
                    directory: name,
                    server: server,
                    step: "bind"
                )
            }
            server.answered(.bind, after: duration)
            return .answer(outcome)
        } catch {
            let attempt = ServerAttempt<LDAPBindOutcome>(
                error,
                directory: name,
                given: end - begin,
                limit: operationLimit
            )
            if let outage = attempt.outage {
                let duration = ContinuousClock.now - begin
                DecisionTrace.record(.bind(at: server.url, dn: dn, outage: outage, duration: duration))
            }
            return attempt
        }
    }
}
