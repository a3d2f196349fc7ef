import EnterpriseAuthTesting
import Synchronization
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("LoginManager: where the executor of a provider stands still", .timeLimit(.minutes(1)))
struct StuckExecutorTests {
    /// Keeps every job until it is let go, which is at last after a while: who waits for it fails then, and does not hang.
    private final class StuckExecutor: TaskExecutor {
        private let kept = Mutex<[UnownedJob]?>([])

        init() {
            Task { [weak self] in
                try await Task.sleep(for: .seconds(20))
                self?.letGo()
            }
        }

        var count: Int { kept.withLock { $0?.count ?? 0 } }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            let isKept = kept.withLock { kept in
                kept?.append(job)
                return kept != nil
            }
            if !isKept { globalConcurrentExecutor.enqueue(job) }
        }

        func letGo() {
            let jobs = kept.withLock { kept in
                defer { kept = nil }
                return kept ?? []
            }
            for job in jobs { globalConcurrentExecutor.enqueue(job) }
        }
    }

    private struct Provider: CredentialProvider {
        let name = "corp"
        let executor: (any TaskExecutor)?

        func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
            .verified(World.identity("alice"), notices: [])
        }

        func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
            .good(identity)
        }
    }

    private static let limit = Duration.milliseconds(200)

    private func world(_ executor: StuckExecutor) -> World {
        World(chain: ProviderChain(providers: [Provider(executor: executor)])) { $0.login.deadline = Self.limit }
    }

    @Test("a login is unavailable at its deadline, and nobody is let in late")
    func login() async throws {
        let executor = StuckExecutor()
        let world = world(executor)
        let credentials = try World.credentials("alice")
        let result = await Punctuality.expect(within: Self.limit) { _ in
            await world.manager.login(credentials, client: World.browser)
        }
        #expect(result.outage?.kind == .timeout)
        #expect(executor.count > 0)
        executor.letGo()
        #expect(try await world.store?.sessions(.all).isEmpty == true)
    }

    @Test("a re-check is unavailable at its deadline")
    func recheck() async throws {
        let executor = StuckExecutor()
        defer { executor.letGo() }
        let world = world(executor)
        let user = DirectoryUser(identity: World.identity("alice"), groups: [], isActive: true)
        let answer = await Punctuality.expect(within: Self.limit) { deadline in
            await world.manager.sources.ask(about: user, until: deadline)
        }
        guard case .unavailable(let outage) = answer else {
            Issue.record("nobody can have answered: \(answer)")
            return
        }
        #expect(outage.kind == .timeout)
    }

    @Test("so is a question to the chain alone")
    func chain() async throws {
        let executor = StuckExecutor()
        defer { executor.letGo() }
        let chain = ProviderChain(providers: [Provider(executor: executor)])
        let credentials = try World.credentials("alice")
        let outcome = await Punctuality.expect(within: Self.limit) { await chain.verify(credentials, deadline: $0) }
        guard case .unavailable(let outage) = outcome else {
            Issue.record("nobody can have answered: \(outcome)")
            return
        }
        #expect(outage.kind == .timeout)
    }
}
