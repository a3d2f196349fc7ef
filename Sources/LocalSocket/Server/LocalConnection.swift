internal import EnterpriseAuth
internal import HostSystem
internal import Logging
internal import Synchronization

/// One connection of the local socket: takes a request, gives an answer, again and again.
final class LocalConnection: Sendable {
    private struct State {
        var isAnswering = false
        var isStopping = false
    }

    private let socket: FramedSocket
    private let caller: LocalCaller
    private let conversation: LocalConversation
    private let ledger: CallerLedger
    private let limits: LocalSocketLimits
    /// How long a login may take, the time of a refusal included.
    private let loginTime: Duration
    private let logger: Logger
    private let state = Mutex(State())

    init(
        _ socket: FramedSocket,
        _ conversation: LocalConversation,
        caller: LocalCaller,
        ledger: CallerLedger,
        limits: LocalSocketLimits,
        loginTime: Duration,
        logger: Logger
    ) {
        (self.socket, self.conversation, self.caller, self.ledger) = (socket, conversation, caller, ledger)
        (self.limits, self.loginTime, self.logger) = (limits, loginTime, logger)
    }

    /// Answers until the other side has no more to ask, is silent for too long, or breaks a rule.
    func run() async {
        defer { socket.close() }
        do {
            while let frame = try await next() {
                guard begin() else { return }
                let goesOn = try await answer(frame)
                guard end(), goesOn else { return }
            }
        } catch let error as HostError {
            if case .tooLarge = error.reason {
                await complain("A request has at most \(LocalProtocol.requestLimit) bytes.")
            }
            logger.debug("a connection ended", metadata: ["error": "\(error)", "caller": "\(caller.label ?? "")"])
        } catch {
            logger.error("an answer could not be written", metadata: ["error": "\(error)"])
        }
    }

    /// Ends the connection once nothing is being answered.
    func stop() {
        let isIdle = state.withLock { state in
            state.isStopping = true
            return !state.isAnswering
        }
        if isIdle { socket.close() }
    }

    /// Ends the connection now.
    func close() {
        socket.close()
    }

    private func begin() -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.isAnswering = true
            return true
        }
    }

    private func end() -> Bool {
        state.withLock { state in
            state.isAnswering = false
            return !state.isStopping
        }
    }

    private func next() async throws(HostError) -> SecretBytes? {
        let patience = await conversation.isChallenging ? limits.thinking : limits.idle
        return try await socket.receive(deadline: .now + patience)
    }

    /// Answers one request.
    /// - Returns: Whether another may follow.
    private func answer(_ frame: SecretBytes) async throws -> Bool {
        let request: LocalRequest
        do throws(WireProblem) {
            request = try LocalRequest(frame)
        } catch {
            await complain("The request is not understood: \(error.reason).")
            return false
        }
        let wait = ledger.request(caller)
        if wait > .zero { try await Task.sleep(for: wait) }
        do throws(CallerLedger.Hindrance) {
            if let isNew = request.isNewLogin { try ledger.beginLogin(caller, isNew: isNew) }
        } catch {
            try await send(LocalAnswer(.unavailable, error.text))
            return true
        }
        let (answer, reply) = try await reply(to: request)
        do throws(HostError) {
            try await socket.send(reply, deadline: .now + limits.reading)
        } catch {
            // A session that nobody holds the token of is of no use to anybody.
            if !request.isRestoration, let token = answer.token { await forget(token) }
            throw error
        }
        return answer.outcome != .invalidRequest
    }

    /// Lets the conversation answer, within the request's time.
    private func reply(to request: LocalRequest) async throws -> (LocalAnswer, SecretBytes) {
        let result = OneShot<(answer: LocalAnswer, frame: SecretBytes)?>()
        // Not a child: who does not keep its time is left behind.
        let task = Task { [conversation, ledger, caller] in
            defer { if request.isNewLogin != nil { ledger.endLogin(caller) } }
            let reply = try? await conversation.reply(to: request)
            if !result.fill(.success(reply)), !request.isRestoration, let token = reply?.answer.token {
                await forget(token)
            }
        }
        var reply: (answer: LocalAnswer, frame: SecretBytes)?
        do throws(HostError) {
            reply = try await result.value(deadline: .now + time(for: request), call: "answer")
        } catch {
            task.cancel()
            logger.warning("a request was not answered in time", metadata: ["error": "\(error)"])
        }
        if let reply { return reply }
        guard let frame = try LocalAnswer.unavailable.frame() else { throw WireProblem("the answer is too long") }
        return (.unavailable, frame)
    }

    private func time(for request: LocalRequest) -> Duration {
        switch request {
        case .login, .answer, .restore: loginTime
        case .reload: limits.reloading
        case .forget, .whoAmI, .logout, .listSessions, .endSessions, .listThrottle, .clearThrottle, .more:
            limits.answering
        }
    }

    private func forget(_ token: SessionToken) async {
        _ = try? await conversation.manager.logout(token, client: caller.client)
    }

    private func complain(_ text: String) async {
        try? await send(LocalAnswer(.invalidRequest, text))
    }

    private func send(_ answer: LocalAnswer) async throws {
        guard let frame = try answer.frame() else { return }
        try await socket.send(frame, deadline: .now + limits.reading)
    }
}

extension LocalRequest {
    /// Whether it asks providers, and then whether it begins a login; nil if it asks none.
    fileprivate var isNewLogin: Bool? {
        switch self {
        case .login: true
        case .answer: false
        default: nil
        }
    }

    /// Whether its session is one of a login that is remembered and goes on: ended with it, the login would not.
    fileprivate var isRestoration: Bool {
        if case .restore = self { true } else { false }
    }
}

extension CallerLedger.Hindrance {
    /// The reason for the person; an outage, because nobody has looked at any password.
    fileprivate var text: String {
        switch self {
        case .tooManyAtOnce: "Too many logins of this user of the host are under way. Please try again in a moment."
        case .tooFast: "This user of the host has tried to log in too often. Please try again in a moment."
        }
    }
}
