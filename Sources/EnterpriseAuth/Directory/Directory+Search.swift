internal import LDAPClient
internal import Logging

extension Directory {
    /// Searches as the service account, on whichever server answers.
    ///
    /// An answer is a complete list, a list cut at the size limit, or the absence of the base of a base search; all else
    /// is an outage, whatever entries came with it.
    /// - Parameters:
    ///   - request: Where and for what.
    ///   - step: What this is in the decision, such as `find_user`.
    ///   - deadline: When to give up.
    /// - Returns: What a server answered, and which.
    /// - Throws: `Outage` if none did.
    nonisolated(nonsending) func search(
        _ request: LDAPSearchRequest,
        step: String,
        deadline: ContinuousClock.Instant
    ) async throws(Outage) -> (result: LDAPSearchResult, server: DirectoryServer) {
        var round = ServerRound(servers, directory: name)
        while ContinuousClock.now < deadline, let (server, sharers) = round.next() {
            switch await searchOnce(request, step: step, at: server, sharers: sharers, deadline: deadline) {
            case .answer(let result):
                return (result, server)
            case .silence(let outage, let isServersFault, _):
                server.failed(.search, because: outage, isServersFault: isServersFault)
                round.note(outage)
            case .cancelled:
                throw Outage(.cancelled, source: name, step: step, detail: "the caller went away")
            }
        }
        throw round.outage(step: step)
    }

    private nonisolated(nonsending) func searchOnce(
        _ request: LDAPSearchRequest,
        step: String,
        at server: DirectoryServer,
        sharers: Int,
        deadline: ContinuousClock.Instant
    ) async -> ServerAttempt<LDAPSearchResult> {
        let begin = ContinuousClock.now
        let end = AttemptBudget.end(now: begin, deadline: deadline, serversLeft: sharers, limit: operationLimit)
        do throws(LDAPError) {
            let result = try await searchRereadingSecret(request, at: server, deadline: end)
            let attempt = judge(result, request: request, step: step, at: server)
            let duration = ContinuousClock.now - begin
            if case .answer = attempt { server.answered(.search, after: duration) }
            DecisionTrace.record(
                .search(step, at: server.url, request, result: result, outage: attempt.outage, duration: duration)
            )
            return attempt
        } catch {
            let attempt = ServerAttempt<LDAPSearchResult>(
                error,
                directory: name,
                given: end - begin,
                limit: operationLimit
            )
            let duration = ContinuousClock.now - begin
            DecisionTrace.record(
                .search(step, at: server.url, request, result: nil, outage: attempt.outage, duration: duration)
            )
            return attempt
        }
    }

    /// Searches, and once more if the service account was refused and its password has changed meanwhile.
    private nonisolated(nonsending) func searchRereadingSecret(
        _ request: LDAPSearchRequest,
        at server: DirectoryServer,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPSearchResult {
        let (pool, generation) = try await server.service()
        do throws(LDAPError) {
            return try await pool.search(request, deadline: deadline)
        } catch {
            // Somebody else may have read the new password already, so the generations decide.
            guard error.reason == .serviceBindRefused, let reading = try? await account.reread(),
                reading.generation > generation
            else { throw error }
            logger.notice("the service account's password has changed", metadata: ["directory": "\(name)"])
            return try await server.service().pool.search(request, deadline: deadline)
        }
    }

    private func judge(
        _ result: LDAPSearchResult,
        request: LDAPSearchRequest,
        step: String,
        at server: DirectoryServer
    ) -> ServerAttempt<LDAPSearchResult> {
        if result.referralCount > 0, !schema.passesOverReferences {
            let detail =
                "the server says that entries below \(request.base) lie elsewhere, and references are never followed"
            let outage = Outage(.misconfigured, source: name, server: server.url, step: step, detail: detail)
            return .silence(outage, isServersFault: false, mayHaveActed: false)
        }
        switch result.code {
        case .success, .sizeLimitExceeded:
            return .answer(result)
        case .noSuchObject where request.scope == .base:
            return .answer(result)
        case let code:
            return ServerAttempt(
                code: code,
                diagnostic: result.diagnostic,
                directory: name,
                server: server,
                step: step
            )
        }
    }
}
