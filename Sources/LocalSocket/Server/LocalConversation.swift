public import EnterpriseAuth
internal import HostSystem
public import Logging

/// Answers the requests of one caller, one after the other.
///
/// It decides nothing about passwords, groups and time, which is the manager's; it decides who may see and end what. A
/// command that has the session store to itself holds one too, so that it says the same as a portal would.
public actor LocalConversation {
    let manager: LoginManager
    let caller: LocalCaller
    private let reload: (@Sendable () async -> ReloadResult)?
    private let logger: Logger
    /// The login that waits for answers.
    private var pending: (challenge: Challenge, wish: Wish)?
    /// What is left of the list that was asked for last.
    private var rest: LocalAnswer?

    /// What a login asks for besides a session.
    private struct Wish {
        var replaced: SessionToken?
        var isRemembered: Bool
    }

    /// Begins a conversation.
    /// - Parameters:
    ///   - manager: Who answers.
    ///   - caller: Who asks.
    ///   - logger: Takes what people are not told.
    ///   - reload: Reads the configuration again; nil where there is nothing to read it for.
    public init(
        _ manager: LoginManager,
        caller: LocalCaller,
        logger: Logger = Logger(label: "ent-login"),
        reload: (@Sendable () async -> ReloadResult)? = nil
    ) {
        (self.manager, self.caller, self.logger, self.reload) = (manager, caller, logger, reload)
    }

    /// Whether a login waits for answers.
    var isChallenging: Bool { pending != nil }

    /// Answers a request.
    /// - Parameter request: The request.
    /// - Returns: The answer, whole: lists are not cut.
    public func answer(_ request: LocalRequest) async -> LocalAnswer {
        let pending = pending
        self.pending = nil
        switch request {
        case .login(let user, let password, let replaced, let isRemembered):
            return await login(user, password, Wish(replaced: replaced, isRemembered: isRemembered))
        case .answer(let answers):
            guard let pending else { return LocalAnswer(.invalidRequest, "Nothing has been asked.") }
            return await login(pending.challenge, answers, pending.wish)
        case .restore(let token): return await restore(token)
        case .forget(let token): return await forget(token)
        case .whoAmI(let token): return await whoAmI(token)
        case .logout(let token, let everywhere): return await logout(token, everywhere: everywhere)
        case .listSessions(let user, let token): return await listSessions(of: user, token: token)
        case .endSessions(let selection, let token): return await endSessions(selection, token: token)
        case .listThrottle: return await asOperator { try await self.listThrottle() }
        case .clearThrottle(let selection): return await asOperator { try await self.clearThrottle(selection) }
        case .reload: return await asOperator { await self.readConfiguration() }
        case .more: return LocalAnswer(.invalidRequest, "There is no list that goes on.")
        }
    }

    /// Answers a request with what fits one message.
    /// - Parameter request: The request.
    /// - Returns: The answer, cut, and its message.
    /// - Throws: `EncodingError`, or ``WireProblem`` if not even a single element fits.
    func reply(to request: LocalRequest) async throws -> (answer: LocalAnswer, frame: SecretBytes) {
        let left = rest
        rest = nil
        let whole: LocalAnswer
        if case .more = request, let left { whole = left } else { whole = await answer(request) }
        var count = LocalProtocol.pageCount
        while true {
            let (first, others) = whole.cut(after: count)
            if let frame = try first.frame() {
                rest = others
                return (first, frame)
            }
            guard count > 1 else { throw WireProblem("the answer is too long") }
            count /= 2
        }
    }

    /// What an outage is called: operators hear which part it was.
    func told(_ outage: Outage) -> LocalAnswer {
        caller.isOperator ? LocalAnswer(.unavailable, "\(outage)") : .unavailable
    }

    func note(_ outage: Outage) {
        logger.warning("\(outage)")
    }

    // MARK: - Logging in

    private func login(_ user: String, _ password: SecretBytes, _ wish: Wish) async -> LocalAnswer {
        do throws(CredentialsProblem) {
            let credentials = try Credentials(username: user, password: password)
            let result = await manager.login(
                credentials,
                client: caller.client,
                replacing: wish.replaced,
                remember: wish.isRemembered
            )
            return tell(result, wish)
        } catch {
            return tell(await manager.refuse(error, client: caller.client), wish)
        }
    }

    private func login(
        _ challenge: Challenge,
        _ answers: [SecretBytes],
        _ wish: Wish
    ) async -> LocalAnswer {
        let response = ChallengeResponse(challengeID: challenge.id, provider: challenge.provider, answers: answers)
        let result = await manager.answer(
            response,
            client: caller.client,
            replacing: wish.replaced,
            remember: wish.isRemembered
        )
        return tell(result, wish)
    }

    private func tell(_ result: LoginResult, _ wish: Wish) -> LocalAnswer {
        switch result {
        case .success(let success): return LocalAnswer(success)
        case .challenge(let challenge):
            pending = (challenge, wish)
            var answer = LocalAnswer(.challenge)
            answer.messages = challenge.messages
            answer.prompts = challenge.prompts.map(PromptRecord.init)
            return answer
        case .passwordChangeRequired:
            return LocalAnswer(.passwordChangeRequired, "The password must be changed.")
        case .refused: return LocalAnswer(.refused, Refusal.publicText)
        case .unavailable: return .unavailable
        }
    }

    // MARK: - What operators may

    private func asOperator(_ body: () async throws -> LocalAnswer) async -> LocalAnswer {
        guard caller.isOperator else {
            return LocalAnswer(.refused, "Only root and the service's own user may do this.")
        }
        do {
            return try await body()
        } catch let outage as Outage {
            return told(outage)
        } catch {
            return .unavailable
        }
    }

    private func listThrottle() async throws -> LocalAnswer {
        var answer = LocalAnswer(.success)
        answer.entries = try await manager.throttleEntries().map(ThrottleRecord.init)
        return answer
    }

    private func clearThrottle(_ selection: ThrottleSelection) async throws -> LocalAnswer {
        var answer = LocalAnswer(.success)
        answer.cleared = try await manager.clearThrottle(selection, client: caller.client)
        return answer
    }

    private func readConfiguration() async -> LocalAnswer {
        guard let reload else { return LocalAnswer(.misconfigured, "There is nothing that could be reloaded.") }
        let (outcome, message, problems): (LocalOutcome, String?, [String]) =
            switch await reload() {
            case .reloaded(let warnings): (.success, nil, warnings)
            case .misconfigured(let problems): (.misconfigured, "The configuration before stays in use.", problems)
            case .unavailable(let problems): (.unavailable, "The configuration before stays in use.", problems)
            }
        var answer = LocalAnswer(outcome, message)
        answer.problems = problems
        return answer
    }
}
