import Foundation
import HostSystem
import PAMClient
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("PAMWorkerPool", .serialized)
struct PAMWorkerPoolTests {
    private let stacks: PAMStacks

    init() async throws {
        stacks = try await PAMStacks(
            people: ["alice": "open-alice"],
            services: [
                "password": """
                auth required MODULE people=@DIR@/people log=@DIR@/log
                account required MODULE
                """,
                "code": """
                auth required MODULE people=@DIR@/people
                auth required MODULE log=@DIR@/log info=Sent. ask=Code: expect=246810
                account required MODULE
                """,
                "just-code": """
                auth required MODULE log=@DIR@/log ask=Password: ask=Code: expect=246810
                account required MODULE
                """,
                "slow": "auth required MODULE log=@DIR@/log sleep=3600\naccount required MODULE",
                "linger": "auth required MODULE people=@DIR@/people log=@DIR@/log linger=3600\naccount required MODULE",
                "segv": "auth required MODULE crash=segv\naccount required MODULE",
                "abort": "auth required MODULE crash=abort\naccount required MODULE",
                "exit": "auth required MODULE crash=exit\naccount required MODULE",
                "hangup": "auth required MODULE close=3\naccount required MODULE",
                "orphan": "auth required MODULE linger=3600 crash=segv\naccount required MODULE",
                "flood": """
                auth required MODULE people=@DIR@/people flood=5000000 batch=31
                account required MODULE
                """,
            ]
        )
    }

    private func question(_ service: String, password: String = "open-alice") -> PAMWorkerRequest {
        let request = PAMRequest(service: service, confdir: stacks.confdir, user: "alice")
        return .password(request, SecretBytes(text: password), localPeople: false)
    }

    /// How an answer looks in one line.
    private func short(_ answer: PAMWorkerPool.Answer) -> String {
        switch answer {
        case .finished(let finding):
            "\(finding.result.authentication?.rawValue ?? -1) \(finding.result.account?.rawValue ?? -1)"
        case .prompts(_, let messages, let prompts): "asks \(messages.map(\.text)) \(prompts.map(\.text))"
        case .failed: "failed"
        case .unavailable(let failure): "unavailable \(failure.kind.rawValue)"
        case .noConversation: "no conversation"
        }
    }

    private func ask(_ pool: PAMWorkerPool, _ service: String, password: String = "open-alice") async -> String {
        short(await pool.ask(question(service, password: password), deadline: PAMTest.patience))
    }

    @Test("A worker process checks one password after the other", arguments: [PAMTest.worker, .inProcess])
    func checks(execution: PAMExecution) async {
        let pool = PAMWorkerPool(execution)
        #expect(await ask(pool, "password") == "0 0")
        #expect(await ask(pool, "password", password: "wrong") == "7 -1")
        #expect(await ask(pool, "password") == "0 0")
        #expect(await ask(pool, "nothing-of-that-name") == "failed")
        #expect(await pool.workerCount == 1)
        await pool.shutdown()
        #expect(await ask(pool, "password") == "unavailable cancelled")
    }

    @Test("A module that takes its process down costs one answer, and the next login works")
    func crashes() async {
        let pool = PAMWorkerPool(PAMTest.worker)
        for service in ["segv", "abort", "exit", "hangup"] {
            #expect(await ask(pool, service) == "unavailable worker_died")
            #expect(await ask(pool, "password") == "0 0")
        }
        await pool.shutdown()
    }

    @Test("How a worker died is told")
    func lastWords() async {
        let pool = PAMWorkerPool(PAMTest.worker)
        guard case .unavailable(let failure) = await pool.ask(question("segv"), deadline: PAMTest.patience) else {
            Issue.record("a dead worker answered")
            return
        }
        #expect(failure.detail.hasSuffix("ended by signal 11"))
        await pool.shutdown()
    }

    @Test("A module that hangs is over at the deadline, its process is gone, and the next login works")
    func hangs() async throws {
        var limits = PAMWorkerLimits()
        limits.workers = 1
        let pool = PAMWorkerPool(PAMTest.worker, limits: limits)
        #expect(await ask(pool, "password") == "0 0")
        let start = ContinuousClock.now
        let answer = await pool.ask(question("slow"), deadline: start + .milliseconds(500))
        #expect(short(answer) == "unavailable timeout")
        #expect(ContinuousClock.now - start < .milliseconds(1500))
        let process = try #require(PAMTest.loggedProcess(stacks))
        #expect(await ProcessCensus.wait { !PAMTest.exists(process) })
        #expect(await ask(pool, "password") == "0 0")
        #expect(PAMTest.loggedProcess(stacks) != process)
        await pool.shutdown()
    }

    @Test("Cancelling a login kills its worker")
    func cancelled() async throws {
        let pool = PAMWorkerPool(PAMTest.worker)
        let login = Task { await pool.ask(question("slow"), deadline: PAMTest.patience) }
        #expect(await ProcessCensus.wait { PAMTest.loggedProcess(stacks) != nil })
        let process = try #require(PAMTest.loggedProcess(stacks))
        login.cancel()
        #expect(short(await login.value) == "unavailable cancelled")
        #expect(await ProcessCensus.wait { !PAMTest.exists(process) })
        await pool.shutdown()
    }

    @Test("A worker that is killed between two logins is replaced unnoticed")
    func killedWhileIdle() async throws {
        let pool = PAMWorkerPool(PAMTest.worker)
        #expect(await ask(pool, "password") == "0 0")
        let process = try #require(PAMTest.loggedProcess(stacks))
        kill(process, SIGKILL)
        #expect(await ProcessCensus.wait { !PAMTest.exists(process) })
        #expect(await ask(pool, "password") == "0 0")
        await pool.shutdown()
    }

    @Test("A worker that is killed during a login is an outage")
    func killedWhileBusy() async throws {
        let pool = PAMWorkerPool(PAMTest.worker)
        let login = Task { await pool.ask(question("slow"), deadline: PAMTest.patience) }
        #expect(await ProcessCensus.wait { PAMTest.loggedProcess(stacks) != nil })
        kill(try #require(PAMTest.loggedProcess(stacks)), SIGKILL)
        #expect(short(await login.value) == "unavailable worker_died")
        #expect(await ask(pool, "password") == "0 0")
        await pool.shutdown()
    }

    @Test("What modules leave behind goes with the worker")
    func lingering() async throws {
        var limits = PAMWorkerLimits()
        limits.transactionsPerWorker = 2
        let pool = PAMWorkerPool(PAMTest.worker, limits: limits)
        #expect(await ask(pool, "linger") == "0 0")
        let worker = try #require(PAMTest.loggedProcess(stacks))
        #expect(PAMTest.members(ofGroup: worker).count == 2)
        #expect(await ask(pool, "linger") == "0 0")
        #expect(await ProcessCensus.wait { PAMTest.members(ofGroup: worker).isEmpty })
        await pool.shutdown()
    }

    @Test("A child that holds the socket open does not hide that its worker died")
    func orphanHoldsSocket() async {
        let pool = PAMWorkerPool(PAMTest.worker)
        #expect(await ask(pool, "orphan") == "unavailable worker_died")
        await pool.shutdown()
    }

    @Test("A worker is replaced after as many transactions as it may do")
    func retired() async {
        var limits = PAMWorkerLimits()
        limits.transactionsPerWorker = 2
        let pool = PAMWorkerPool(PAMTest.worker, limits: limits)
        var workers: [Int32] = []
        for _ in 0..<4 {
            #expect(await ask(pool, "password") == "0 0")
            workers += [PAMTest.loggedProcess(stacks) ?? 0]
        }
        #expect(workers[0] == workers[1] && workers[2] == workers[3] && workers[1] != workers[2])
        await pool.shutdown()
    }

    @Test("With every worker busy the next login waits, and with a full queue it is turned away")
    func overloaded() async {
        var limits = PAMWorkerLimits()
        limits.workers = 1
        limits.queue = 1
        let pool = PAMWorkerPool(PAMTest.worker, limits: limits)
        let busy = Task { await pool.ask(question("slow"), deadline: PAMTest.patience) }
        #expect(await ProcessCensus.wait { PAMTest.loggedProcess(stacks) != nil })
        let late = await pool.ask(question("password"), deadline: .now + .milliseconds(100))
        #expect(short(late) == "unavailable timeout")
        let waiting = Task { await pool.ask(question("password"), deadline: PAMTest.patience) }
        #expect(await ProcessCensus.wait { await pool.waitingCount == 1 })
        #expect(await ask(pool, "password") == "unavailable overloaded")
        busy.cancel()
        #expect(short(await waiting.value) == "0 0")
        await pool.shutdown()
    }

    @Test(
        "A conversation is parked, answered once, and its turn is free meanwhile",
        arguments: [PAMTest.worker, .inProcess]
    )
    func conversation(execution: PAMExecution) async {
        var limits = PAMWorkerLimits()
        limits.workers = 1
        let pool = PAMWorkerPool(execution, limits: limits)
        guard
            case .prompts(let name, let messages, let prompts) = await pool.ask(
                question("code"),
                deadline: PAMTest.patience
            )
        else {
            Issue.record("no prompt")
            return
        }
        #expect(messages.map(\.text) == ["Sent."])
        #expect(prompts == [PAMPrompt(echo: false, text: "Code:")])
        #expect(await ask(pool, "password") == "0 0")
        let code = [SecretBytes(text: "246810")]
        #expect(short(await pool.answer(name, code, deadline: PAMTest.patience)) == "0 0")
        #expect(short(await pool.answer(name, code, deadline: PAMTest.patience)) == "no conversation")
        #expect(await pool.parkedCount == 0)
        await pool.shutdown()
    }

    @Test("A conversation that nobody continues expires, and its worker goes")
    func expires() async throws {
        let gate = PAMGate()
        let pool = PAMWorkerPool(PAMTest.worker) { _ in try await gate.wait() }
        guard case .prompts(let name, _, _) = await pool.ask(question("code"), deadline: PAMTest.patience) else {
            Issue.record("no prompt")
            return
        }
        let process = try #require(PAMTest.loggedProcess(stacks))
        #expect(PAMTest.exists(process))
        gate.open()
        #expect(await ProcessCensus.wait { !PAMTest.exists(process) })
        let late = await pool.answer(name, [SecretBytes(text: "246810")], deadline: PAMTest.patience)
        #expect(short(late) == "no conversation")
        await pool.shutdown()
    }

    @Test("Too few answers end a conversation")
    func unfitting() async {
        let pool = PAMWorkerPool(PAMTest.worker)
        guard case .prompts(let name, _, _) = await pool.ask(question("code"), deadline: PAMTest.patience) else {
            Issue.record("no prompt")
            return
        }
        #expect(short(await pool.answer(name, [], deadline: PAMTest.patience)) == "no conversation")
        #expect(await pool.parkedCount == 0)
        await pool.shutdown()
    }

    @Test("Who floods one name with conversations ends that name's oldest, and nobody else's; the log says so")
    func parkedLimitOfName() async throws {
        var limits = PAMWorkerLimits()
        limits.parkedPerName = 1
        let log = RecordedLog()
        let pool = PAMWorkerPool(PAMTest.worker, limits: limits, logger: log.logger)
        let bystander = try #require(await conversation(pool, user: "bob"))
        let flooded = try #require(await conversation(pool, user: "alice"))
        let process = try #require(PAMTest.loggedProcess(stacks))
        #expect(log.lines.isEmpty)
        for _ in 0..<3 { _ = await conversation(pool, user: "Alice") }
        #expect(await pool.parkedCount == 2)
        #expect(await ProcessCensus.wait { !PAMTest.exists(process) })
        let code = [SecretBytes(text: "246810")]
        #expect(short(await pool.answer(flooded, code, deadline: PAMTest.patience)) == "no conversation")
        #expect(short(await pool.answer(bystander, code, deadline: PAMTest.patience)) == "0 0")
        #expect(log.lines.count == 3)
        #expect(log.lines.first?.contains("given up: too many of its name wait already") == true)
        #expect(log.lines.first?.contains("name=alice") == true)
        await pool.shutdown()
    }

    @Test("With all places taken by other people the newest conversation still gets one")
    func parkedLimit() async throws {
        var limits = PAMWorkerLimits()
        limits.parked = 2
        let pool = PAMWorkerPool(PAMTest.worker, limits: limits)
        let names = ["alice", "bob", "carol"]
        var conversations: [String] = []
        for name in names { conversations.append(try #require(await conversation(pool, user: name))) }
        #expect(await pool.parkedCount == 2)
        let code = [SecretBytes(text: "246810")]
        var ends: [String] = []
        for conversation in conversations {
            ends.append(short(await pool.answer(conversation, code, deadline: PAMTest.patience)))
        }
        #expect(ends == ["no conversation", "0 0", "0 0"])
        #expect(await ask(pool, "password") == "0 0")
        await pool.shutdown()
    }

    /// Begins a conversation that waits for a code.
    private func conversation(_ pool: PAMWorkerPool, user: String) async -> String? {
        let request = PAMRequest(service: "just-code", confdir: stacks.confdir, user: user)
        let question = PAMWorkerRequest.password(request, SecretBytes(text: "x"), localPeople: false)
        guard case .prompts(let name, _, _) = await pool.ask(question, deadline: PAMTest.patience) else { return nil }
        return name
    }

    @Test("The longest message that a stack can cause gets through")
    func flood() async {
        let pool = PAMWorkerPool(PAMTest.worker)
        guard
            case .prompts(_, let messages, let prompts) = await pool.ask(
                question("flood"),
                deadline: PAMTest.patience
            )
        else {
            Issue.record("no prompt")
            return
        }
        #expect(messages.map(\.text.utf8.count) == [PAMMessage.maximumBytes])
        #expect(prompts.count == 31)
        await pool.shutdown()
    }

    @Test("A program that is no worker, or not there, is a misconfiguration or a dead worker")
    func notAWorker() async {
        let missing = PAMWorkerPool(.worker(executable: "/nowhere/ent-login"))
        #expect(await ask(missing, "password") == "unavailable misconfigured")
        let other = PAMWorkerPool(.worker(executable: "/bin/true"))
        #expect(await ask(other, "password") == "unavailable worker_died")
        for pool in [missing, other] { await pool.shutdown() }
    }

    @Test("Shutting down ends busy, idle and parked workers")
    func shutdown() async throws {
        let pool = PAMWorkerPool(PAMTest.worker)
        #expect(await ask(pool, "code").hasPrefix("asks"))
        let parked = try #require(PAMTest.loggedProcess(stacks))
        #expect(await ask(pool, "password") == "0 0")
        let idle = try #require(PAMTest.loggedProcess(stacks))
        let login = Task { await pool.ask(question("slow"), deadline: PAMTest.patience) }
        #expect(await ProcessCensus.wait { stacks.text(of: "log").split(separator: "\n").count == 3 })
        let busy = try #require(PAMTest.loggedProcess(stacks))
        await pool.shutdown()
        #expect(short(await login.value).hasPrefix("unavailable"))
        for process in [parked, idle, busy] {
            #expect(await ProcessCensus.wait { !PAMTest.exists(process) })
        }
        #expect(await ProcessCensus.wait { await pool.workerCount == 0 })
    }

    @Test("No descriptor stays open after many deaths")
    func descriptors() async {
        let pool = PAMWorkerPool(PAMTest.worker)
        _ = await ask(pool, "segv")
        let before = ProcessCensus().descriptors
        for _ in 0..<60 { #expect(await ask(pool, "exit") == "unavailable worker_died") }
        // Other tests open and close descriptors at the same time; 60 leaks would still show.
        #expect(ProcessCensus().descriptors < before + 45)
        await pool.shutdown()
    }

    @Test(
        "A password is in no worker's arguments and no worker's environment, and the environment is empty for modules"
    )
    func noSecretOutside() async throws {
        try stacks.write("slow", "auth required MODULE people=@DIR@/people log=@DIR@/log sleep=3600")
        let secret = "an-uncommon-password-\(UUID().uuidString)"
        try Data("alice:\(secret)\n".utf8).write(to: URL(fileURLWithPath: stacks.people))
        let pool = PAMWorkerPool(PAMTest.worker)
        let login = Task { await pool.ask(question("slow", password: secret), deadline: PAMTest.patience) }
        #expect(await ProcessCensus.wait { PAMTest.loggedProcess(stacks) != nil })
        let process = try #require(PAMTest.loggedProcess(stacks))
        // The environment of a process that may not be traced is root's to read.
        for file in Obstacle.root == nil ? ["cmdline", "environ"] : ["cmdline"] {
            let content = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/\(file)"))
            #expect(content.range(of: Data(secret.utf8)) == nil)
        }
        #expect(stacks.text(of: "log").contains(" environment=0 "))
        login.cancel()
        _ = await login.value
        await pool.shutdown()
    }
}
