import HostSystem
import PAMClient
import TestBed
import Testing

@Suite("A worker serving its owner")
struct PAMWorkerLoopTests {
    private let stacks: PAMStacks
    private let worker: WorkerThread

    init() async throws {
        stacks = try await PAMStacks(
            people: ["alice": "open-alice", "root": "open-root"],
            services: [
                "password": "auth required MODULE people=@DIR@/people\naccount required MODULE",
                "code": """
                auth required MODULE people=@DIR@/people
                auth required MODULE info=Sent. ask=Code: expect=246810
                account required MODULE
                """,
                "expired": "auth required MODULE\naccount required MODULE return=acct_expired",
            ]
        )
        worker = try WorkerThread()
    }

    private func check(
        _ service: String,
        user: String = "root",
        password: String = "open-root",
        localPeople: Bool = true
    ) async throws -> PAMWorkerReply? {
        let request = PAMRequest(service: service, confdir: stacks.confdir, user: user)
        return try await worker.ask(.password(request, SecretBytes(text: password), localPeople: localPeople))
    }

    @Test("It answers a ping, and one transaction after the other")
    func serves() async throws {
        defer { worker.end() }
        guard case .pong(_, let process) = try await worker.ask(.ping) else {
            Issue.record("no pong")
            return
        }
        #expect(process > 0)
        for password in ["wrong", "open-root", "wrong", "open-root"] {
            guard case .finished(let result, let typed, _) = try await check("password", password: password) else {
                Issue.record("not finished")
                return
            }
            #expect(result.authentication == (password == "wrong" ? .authenticationError : .success))
            #expect(typed == .known(name: "root", uid: 0))
        }
    }

    @Test("A further prompt goes to the owner and waits for its answer")
    func prompts() async throws {
        defer { worker.end() }
        let asked = try await check("code")
        #expect(
            asked
                == .prompts(
                    [PAMMessage(kind: .information, text: "Sent.")],
                    [PAMPrompt(echo: false, text: "Code:")]
                )
        )
        guard case .finished(let result, _, let final) = try await worker.ask(.answers([SecretBytes(text: "246810")]))
        else {
            Issue.record("not finished")
            return
        }
        #expect(result.account == .success)
        #expect(final == .known(name: "root", uid: 0))
    }

    @Test("Anything else than answers after a prompt ends the worker")
    func outOfOrder() async throws {
        defer { worker.end() }
        _ = try await check("code")
        #expect(try await worker.ask(.ping) == nil)
    }

    @Test("Answers that nobody asked for end the worker")
    func unasked() async throws {
        defer { worker.end() }
        #expect(try await worker.ask(.answers([])) == nil)
    }

    @Test("Bytes that are no message end the worker")
    func noise() async throws {
        defer { worker.end() }
        #expect(try await worker.ask(raw: SecretBytes([1, 200, 3])) == nil)
    }

    @Test("For a name that the user database does not know, a stack that takes anything gets another password")
    func stranger() async throws {
        defer { worker.end() }
        let stranger = "nobody-of-that-name"
        let lines = "auth required MODULE password=right\naccount required MODULE"
        try stacks.write("right", lines)
        guard case .finished(let result, let typed, _) = try await check("right", user: stranger, password: "right")
        else {
            Issue.record("not finished")
            return
        }
        #expect(typed == .unknown)
        #expect(result.authentication == .authenticationError)
        // The same stack believes its own people.
        guard case .finished(let known, _, _) = try await check("right", password: "right") else {
            Issue.record("not finished")
            return
        }
        #expect(known.authentication == .success)
    }

    @Test("A stranger is not asked for a code")
    func strangerWithCode() async throws {
        defer { worker.end() }
        guard case .finished(let result, .unknown, _) = try await check("code", user: "nobody-of-that-name") else {
            Issue.record("not finished")
            return
        }
        #expect(result.interruption == .aborted)
    }

    @Test("People of a directory are not looked for in the user database")
    func directoryPeople() async throws {
        defer { worker.end() }
        let reply = try await check("password", user: "alice", password: "open-alice", localPeople: false)
        guard case .finished(let result, .notAsked, .notAsked) = reply else {
            Issue.record("not finished")
            return
        }
        #expect(result.account == .success)
    }

    @Test("Whom the stack ended with is looked up, not who was typed")
    func renamed() async throws {
        defer { worker.end() }
        try stacks.write("renaming", "auth required MODULE password=x rename=root\naccount required MODULE")
        let reply = try await check("renaming", user: "daemon", password: "x")
        guard case .finished(let result, .known("daemon", _), let final) = reply else {
            Issue.record("not finished: \(String(describing: reply))")
            return
        }
        #expect(result.user == "root")
        #expect(final == .known(name: "root", uid: 0))
    }

    @Test("An account is looked at without a password")
    func account() async throws {
        defer { worker.end() }
        let request = PAMRequest(service: "expired", confdir: stacks.confdir, user: "root")
        guard case .finished(let result, .known, _) = try await worker.ask(.account(request, localPeople: true)) else {
            Issue.record("not finished")
            return
        }
        #expect(result.account == .accountExpired)
    }

    @Test("A service without a file is told as a failure")
    func missingService() async throws {
        defer { worker.end() }
        guard case .failed(let text, let status) = try await check("nothing") else {
            Issue.record("not failed")
            return
        }
        #expect(status == .abort)
        #expect(text.contains("nothing"))
    }
}
