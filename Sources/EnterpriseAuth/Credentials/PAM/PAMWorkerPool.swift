internal import HostCrypto
internal import HostSystem
internal import Logging
internal import PAMClient

/// Asks PAM stacks through a bounded number of workers, each serving one transaction at a time.
///
/// A worker that is late, dies or breaks the protocol is killed, and the next transaction gets a fresh one. A
/// conversation that waits for a person keeps its worker, parked, for a limited time; `PAMParking` says which one has to
/// go where too many wait. Nothing is left behind by `shutdown()`.
actor PAMWorkerPool {
    /// What came of a question.
    enum Answer: Sendable {
        /// The stack has decided.
        case finished(PAMFinding)
        /// The stack asks something more; the text names the parked conversation.
        case prompts(String, [PAMMessage], [PAMPrompt])
        /// The question could not be put to the stack.
        case failed(String, PAMStatus?)
        /// Nobody answered.
        case unavailable(PAMWorkerFailure)
        /// No conversation of that name waits any more.
        case noConversation
    }

    private struct Member {
        let link: PAMWorkerLink
        var transactions = 0
        /// Who is asked about in the transaction under way, and from where.
        var party = PAMParking.Party()
    }

    private struct Parked {
        let member: Member
        let promptCount: Int
        let expiry: Task<Void, Never>
    }

    /// Starts workers: that takes milliseconds, during which the starting thread stands still.
    private static let starter = BlockingExecutor(name: "pam-starter", width: 2, queueLimit: 256)

    private let execution: PAMExecution
    private let limits: PAMWorkerLimits
    private let sleep: @Sendable (Duration) async throws -> Void
    private let logger: Logger
    private let turns: PAMTurns
    private var idle: [Member] = []
    private var parked: [String: Parked] = [:]
    private var parking: PAMParking
    private var busy: [ObjectIdentifier: PAMWorkerLink] = [:]
    private var ending: [ObjectIdentifier: PAMWorkerLink] = [:]
    private var isShutDown = false

    /// Makes a pool; workers are started when they are needed.
    /// - Parameters:
    ///   - execution: Where libpam runs.
    ///   - limits: How much may happen at the same time.
    ///   - logger: Is told of conversations that had to make room.
    ///   - sleep: Waits for a parked conversation to expire.
    init(
        _ execution: PAMExecution,
        limits: PAMWorkerLimits = PAMWorkerLimits(),
        logger: Logger = Logger(label: "ent-login.pam"),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.execution = execution
        self.limits = limits
        self.logger = logger
        self.sleep = sleep
        parking = PAMParking(limits)
        turns = PAMTurns(count: limits.workers, queue: limits.queue)
    }

    /// How many conversations wait for a person.
    var parkedCount: Int { parked.count }

    /// How many questions wait for a worker.
    var waitingCount: Int {
        get async { await turns.waiting }
    }

    /// How many workers there are: idle, parked, busy and ending.
    var workerCount: Int { idle.count + parked.count + busy.count + ending.count }

    /// Puts a question to a stack.
    /// - Parameters:
    ///   - request: The question.
    ///   - deadline: When to give up.
    ///   - willSend: Is called just before a worker sees the question.
    /// - Returns: What came of it, by the deadline.
    func ask(
        _ request: PAMWorkerRequest,
        deadline: ContinuousClock.Instant,
        willSend: @Sendable () -> Void = {}
    ) async -> Answer {
        do throws(PAMWorkerFailure) {
            try await turns.take(deadline: deadline)
            var member = try await checkOut(deadline)
            member.party = PAMParking.Party(name: request.user, address: request.remoteHost ?? "")
            willSend()
            return try await converse(request, with: member, deadline)
        } catch {
            return .unavailable(error)
        }
    }

    /// Continues a parked conversation.
    /// - Parameters:
    ///   - name: Which one.
    ///   - answers: One for each prompt.
    ///   - deadline: When to give up.
    /// - Returns: What came of it; `.noConversation` if it has expired or was answered before, or if there are too few
    ///   or too many answers, and then the conversation is over.
    func answer(_ name: String, _ answers: [SecretBytes], deadline: ContinuousClock.Instant) async -> Answer {
        guard parked[name] != nil else { return .noConversation }
        do throws(PAMWorkerFailure) {
            try await turns.take(deadline: deadline)
            // It may have expired, or been answered by another request, while this one waited.
            guard let conversation = unpark(name) else {
                await turns.give()
                return .noConversation
            }
            guard answers.count == conversation.promptCount else {
                end(conversation.member.link, holdsTurn: true)
                return .noConversation
            }
            return try await converse(.answers(answers), with: conversation.member, deadline)
        } catch {
            return .unavailable(error)
        }
    }

    /// Ends a parked conversation, if it still waits.
    /// - Parameter name: Which one.
    func abandon(_ name: String) {
        guard let conversation = unpark(name) else { return }
        end(conversation.member.link, holdsTurn: false)
    }

    /// Asks a worker who it is, to see that one starts and answers.
    /// - Parameter deadline: When to give up.
    /// - Returns: The effective user that stacks are run as.
    /// - Throws: `PAMWorkerFailure` with what went wrong.
    func ping(deadline: ContinuousClock.Instant) async throws(PAMWorkerFailure) -> UInt32 {
        try await turns.take(deadline: deadline)
        let member = try await checkOut(deadline)
        guard case .pong(let user, _) = try await exchange(.ping, with: member, deadline) else {
            end(member.link, holdsTurn: true)
            throw PAMWorkerFailure(.misconfigured, "the PAM worker does not answer as one of this version would")
        }
        await putBack(member)
        return user
    }

    /// Kills every worker and waits until the processes are gone; every later question is unavailable.
    func shutdown() async {
        isShutDown = true
        await turns.close()
        let members = idle + parked.keys.compactMap { unpark($0)?.member }
        idle = []
        for member in members { end(member.link, holdsTurn: false) }
        for link in busy.values { link.kill() }
        // A thread ends when its modules return, which nobody can wait for.
        for link in Array(busy.values) + Array(ending.values) where link.isProcess { await link.end() }
    }
}

extension PAMWorkerPool {
    /// A worker for whoever has a turn; on failure the turn is given back.
    private func checkOut(_ deadline: ContinuousClock.Instant) async throws(PAMWorkerFailure) -> Member {
        while let member = idle.popLast() {
            if member.link.isRunning { return member }
            end(member.link, holdsTurn: false)
        }
        do throws(HostError) {
            let link = try await Self.starter.run(deadline: deadline) { [execution] () throws(HostError) in
                try PAMWorkerLink(execution)
            }
            guard isShutDown else { return Member(link: link) }
            end(link, holdsTurn: true)
        } catch {
            await turns.give()
            switch error.reason {
            case .timedOut: throw PAMWorkerFailure(.timeout, "no PAM worker could be started before the deadline")
            case .cancelled: throw PAMWorkerFailure(.cancelled, "cancelled while a PAM worker was started")
            default: throw PAMWorkerFailure(.misconfigured, "no PAM worker can be started: \(error)")
            }
        }
        throw PAMWorkerFailure(.cancelled, "the PAM provider is shut down")
    }

    /// Takes a worker back, with the turn.
    private func putBack(_ member: Member) async {
        guard member.transactions < limits.transactionsPerWorker, !isShutDown else {
            end(member.link, holdsTurn: true)
            return
        }
        idle.append(member)
        await turns.give()
    }

    /// Sends one message of a transaction, and sees to the worker whatever comes of it.
    private func converse(
        _ request: PAMWorkerRequest,
        with member: Member,
        _ deadline: ContinuousClock.Instant
    ) async throws(PAMWorkerFailure) -> Answer {
        var member = member
        switch try await exchange(request, with: member, deadline) {
        case .prompts(let messages, let prompts):
            return .prompts(try await park(member, promptCount: prompts.count), messages, prompts)
        case .finished(let result, let typed, let final):
            member.transactions += 1
            await putBack(member)
            return .finished(PAMFinding(typedName: member.party.name, result: result, typed: typed, final: final))
        case .failed(let text, let status):
            member.transactions += 1
            await putBack(member)
            return .failed(text, status)
        case .pong:
            end(member.link, holdsTurn: true)
            throw PAMWorkerFailure(.internal, "the PAM worker answered another question")
        }
    }

    private func exchange(
        _ request: PAMWorkerRequest,
        with member: Member,
        _ deadline: ContinuousClock.Instant
    ) async throws(PAMWorkerFailure) -> PAMWorkerReply {
        let id = ObjectIdentifier(member.link)
        busy[id] = member.link
        defer { busy[id] = nil }
        do throws(PAMWorkerFailure) {
            return try await member.link.exchange(request, deadline: deadline)
        } catch {
            end(member.link, holdsTurn: true)
            throw error
        }
    }

    /// Keeps a worker whose stack waits for a person; its turn goes to somebody else meanwhile.
    private func park(_ member: Member, promptCount: Int) async throws(PAMWorkerFailure) -> String {
        guard !isShutDown else {
            end(member.link, holdsTurn: true)
            throw PAMWorkerFailure(.cancelled, "the PAM provider is shut down")
        }
        let name = Hexadecimal.text(RandomBytes.bytes(16))
        let evicted = parking.enter(name, of: member.party)
        let expiry = Task { [weak self, sleep, limits] in
            guard (try? await sleep(limits.parkedLifetime)) != nil else { return }
            await self?.abandon(name)
        }
        parked[name] = Parked(member: member, promptCount: promptCount, expiry: expiry)
        if let evicted { evict(evicted) }
        await turns.give()
        return name
    }

    /// Ends a conversation that had to make room for another one, and says so.
    private func evict(_ evicted: PAMParking.Eviction) {
        abandon(evicted.conversation)
        logger.warning(
            "a login that waited for a further answer was given up: \(evicted.reason.rawValue)",
            metadata: [
                "name": "\(EscapedText.escaped(evicted.party.name, as: .json))",
                "address": "\(EscapedText.escaped(evicted.party.address, as: .json))",
                "waiting": "\(parked.count)",
            ]
        )
    }

    private func unpark(_ name: String) -> Parked? {
        guard let conversation = parked.removeValue(forKey: name) else { return nil }
        parking.leave(name)
        conversation.expiry.cancel()
        return conversation
    }

    /// Ends a worker; its turn is given back when nothing is left of it, so that dying workers are bounded too.
    private func end(_ link: PAMWorkerLink, holdsTurn: Bool) {
        let id = ObjectIdentifier(link)
        ending[id] = link
        link.kill()
        Task {
            await link.end()
            ending[id] = nil
            if holdsTurn { await turns.give() }
        }
    }
}
