public import Logging
internal import PAMClient

/// Checks a password with a PAM stack.
///
/// Without a directory the stack's people are *local*: the host's user database decides who exists, and for a name that
/// it does not know the stack is run with another password, so that it takes as long and cannot say yes. With a
/// directory, the name that the stack ended with is looked up there, and the person is the directory's.
///
/// Libpam's delay after a failure is recorded, never slept: when a refusal is answered is decided in one place, for all
/// providers.
public struct PAMCredentialProvider: CredentialProvider {
    /// The configured name.
    public let name: String

    /// The configured name of the directory whose people the stack authenticates, if any.
    public var directoryName: String? { people?.name }

    let configuration: PAMProviderConfiguration
    let people: (any PersonLookup)?
    let pool: PAMWorkerPool

    /// Puts a provider together; no worker is started yet.
    /// - Parameters:
    ///   - configuration: What `[providers.NAME]` says.
    ///   - execution: Where libpam runs; `PAMExecution(configuration.isolation)` unless the worker is another program.
    ///   - people: The directory that `configuration.directory` names; nil if it names none.
    ///   - logger: Is told when people who wait for a further question have to make room.
    public init(
        _ configuration: PAMProviderConfiguration,
        execution: PAMExecution,
        people: (any PersonLookup)?,
        logger: Logger = Logger(label: "ent-login.pam")
    ) {
        var limits = PAMWorkerLimits()
        limits.workers = configuration.workers
        limits.transactionsPerWorker = configuration.requestsPerWorker
        self.init(configuration, people: people, pool: PAMWorkerPool(execution, limits: limits, logger: logger))
    }

    init(_ configuration: PAMProviderConfiguration, people: (any PersonLookup)?, pool: PAMWorkerPool) {
        precondition(
            (configuration.directory == nil) == (people == nil),
            "a stack's people are the directory's, or local"
        )
        name = configuration.name
        self.configuration = configuration
        self.people = people
        self.pool = pool
    }

    /// Looks whether the stack can work: its file, its lines, its modules' rights, and a worker that answers.
    /// - Parameter deadline: When to give up.
    /// - Throws: `StartFailure` with the file and the fix.
    public func start(deadline: ContinuousClock.Instant) async throws(StartFailure) {
        let preflight = PAMPreflight(provider: name, service: configuration.service, confdir: configuration.confdir)
        let service = try await preflight.readService(deadline: deadline)
        let user: UInt32
        do throws(PAMWorkerFailure) {
            user = try await pool.ping(deadline: deadline)
        } catch {
            throw preflight.workerFailure(error)
        }
        try preflight.checkRights(of: service, effectiveUser: user)
    }

    /// Asks the stack, outside of a login.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - deadline: When to give up.
    /// - Returns: What the stack says, or a challenge if it asks for more than the password.
    public func verify(
        _ credentials: Credentials,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        await verify(credentials, through: PasswordGate(), deadline: deadline)
    }

    /// Asks the stack.
    /// - Parameters:
    ///   - credentials: What was typed.
    ///   - gate: Is passed when a worker is there to take the password.
    ///   - deadline: When to give up.
    /// - Returns: What the stack says, or a challenge if it asks for more than the password.
    public func verify(
        _ credentials: Credentials,
        through gate: PasswordGate,
        deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        guard PAMRequest.isValidUser(credentials.username) else {
            return refused(.unknownUser, "no account can have a name with '/' or a control character")
        }
        let until = limit(deadline)
        let request = request(for: credentials.username, from: credentials.remoteAddress)
        let question = PAMWorkerRequest.password(request, credentials.password, localPeople: people == nil)
        return await outcome(of: await pool.ask(question, deadline: until) { gate.pass() }, deadline)
    }

    /// Gives a stack that waits the answers it asked for.
    /// - Parameters:
    ///   - response: The answers.
    ///   - deadline: When to give up.
    /// - Returns: What the stack says now. A challenge that is unknown, was answered before or has expired is refused,
    ///   and is no guess.
    public func answer(_ response: ChallengeResponse, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
        guard response.answers.allSatisfy(PAMConversation.canCarry) else {
            await pool.abandon(response.challengeID)
            return refused(.wrongPassword, "an answer is longer than a stack can be given, or holds a NUL")
        }
        let answer = await pool.answer(response.challengeID, response.answers, deadline: limit(deadline))
        return await outcome(of: answer, deadline)
    }

    /// Looks at an account again: the passwd entry of a local person, the stack's account lines, the directory's entry.
    /// - Parameters:
    ///   - identity: An identity that this provider made.
    ///   - deadline: When to give up.
    /// - Returns: Whether the account still stands.
    public func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
        var uid: UInt32?
        switch (identity.source, people) {
        case (.local(_, let number), nil): uid = number
        case (.directory(let directory, _), let people?) where directory == people.name: break
        default: return .ended(refusal(.notPermitted, "the provider's people come from another source now"))
        }
        guard PAMRequest.isValidUser(identity.loginName) else {
            return .ended(refusal(.notPermitted, "the login name cannot be asked about"))
        }
        let question = PAMWorkerRequest.account(request(for: identity.loginName, from: nil), localPeople: people == nil)
        let finding: PAMFinding
        switch await pool.ask(question, deadline: limit(deadline)) {
        case .finished(let found): finding = found
        case let other: return .unavailable(outage(of: other))
        }
        let verdict = PAMVerdict.recheck(finding, uid: uid)
        record(finding, verdict)
        guard let people else { return standing(verdict, identity) }
        // The directory knows better who is gone, and always who the person is now; the stack can only take away.
        switch (verdict, await people.standing(of: identity, deadline: deadline)) {
        case (_, .ended(let refusal)): return .ended(refusal)
        case (.refused(.locked, _), .good(let now)), (.refused(.locked, _), .temporarilyLocked(let now)):
            return .temporarilyLocked(now)
        case (.right, let standing), (.mustChange, let standing), (.refused(.locked, _), let standing): return standing
        case (.refused, _), (.unavailable, _): return standing(verdict, identity)
        }
    }

    private func standing(_ verdict: PAMVerdict, _ identity: Identity) -> AccountStanding {
        switch verdict {
        case .right, .mustChange: .good(identity)
        case .refused(.locked, _): .temporarilyLocked(identity)
        case .refused(let reason, let detail): .ended(refusal(reason, detail))
        case .unavailable(let kind, let code, let detail): .unavailable(outage(kind, code, detail))
        }
    }

    /// Kills the workers and forgets the conversations.
    public func shutdown() async {
        await pool.shutdown()
    }
}
