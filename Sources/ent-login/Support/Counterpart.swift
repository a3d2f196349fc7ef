internal import EnterpriseAuth
internal import HostSystem
internal import LocalSocket

/// Who answers a command: the portal that runs, or this process, which has the session store to itself then.
enum Counterpart {
    case portal(PortalLine)
    case desk(LoginDesk)

    /// Finds who answers, serves one command, and lets go of them whatever happens.
    /// - Parameters:
    ///   - configuration: Says where a portal listens, and where sessions are.
    ///   - global: Where it was read from; without a portal the files that it names are looked at.
    ///   - body: What the command wants.
    /// - Returns: What `body` returns.
    /// - Throws: `Stop` if nobody can answer, and what `body` throws.
    static func serve(
        _ configuration: LoginConfiguration,
        _ global: GlobalOptions,
        _ body: (Counterpart) async throws -> Answer
    ) async throws -> Answer {
        if let line = try await PortalLine.find(configuration) { return try await line.serve(body) }
        if configuration.portal != nil { _ = try global.load(checkingFiles: true) }
        let desk: LoginDesk
        do {
            desk = try await LoginDesk.open(configuration)
        } catch let stop as Stop where stop.answer.status == .unavailable {
            // A portal that was just starting has taken the store, and may listen by now.
            guard let line = try await PortalLine.find(configuration) else { throw stop }
            return try await line.serve(body)
        }
        return try await desk.serve { try await body(.desk($0)) }
    }

    /// Keeps nothing open while a person types.
    func rest() async {
        switch self {
        case .portal(let line): await line.rest()
        case .desk(let desk): await desk.restStore()
        }
    }

    /// Asks.
    /// - Parameter request: What is asked.
    /// - Returns: The answer, however it ended.
    /// - Throws: `Stop` if there is none.
    func ask(_ request: LocalRequest) async throws -> LocalAnswer {
        switch self {
        case .portal(let line): try await line.ask(request)
        case .desk(let desk): await desk.conversation.answer(request)
        }
    }

    /// Asks for what is there or is not.
    /// - Parameter request: What is asked.
    /// - Returns: The answer, which is a success.
    /// - Throws: `Stop` if there is none, or it is another.
    func demand(_ request: LocalRequest) async throws -> LocalAnswer {
        let answer = try await ask(request)
        guard answer.outcome == .success else { throw Stop(answer) }
        return answer
    }

    /// The token by which a person of this host shows a portal who they are; root and the service's user need none.
    func ownToken() async -> SessionToken? {
        guard case .portal = self else { return nil }
        return await (try? KeptLogin())?.liveToken(self)
    }
}

extension Stop {
    /// An answer that is no success.
    init(_ answer: LocalAnswer) {
        let status: ExitStatus =
            switch answer.outcome {
            case .success, .challenge, .passwordChangeRequired, .refused: .refused
            case .unavailable: .unavailable
            case .misconfigured: .configuration
            case .invalidRequest: .internalError
            }
        let isFault = status == .internalError
        var note = answer.message ?? Refusal.publicText
        if let problems = answer.problems, !problems.isEmpty {
            note = (problems + [note]).joined(separator: " – ")
        }
        self.init(Answer(status, outcome: isFault ? "internal_error" : answer.outcome.rawValue, note: note))
    }
}
