import Dispatch
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

    /// Does not end, and when it is cancelled blocks whoever cancels it.
    private struct Mule: CredentialProvider {
        let name = "corp"
        let executor: (any TaskExecutor)? = nil
        let release = DispatchSemaphore(value: 0)

        func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
            await withTaskCancellationHandler {
                // Not woken by its cancellation.
                _ = await Task { try? await Task.sleep(for: .seconds(20)) }.value
                return .verified(World.identity("alice"), notices: [])
            } onCancel: {
                _ = release.wait(timeout: .now() + 20)
            }
        }

        func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
            .good(identity)
        }
    }

    @Test("a provider that blocks whoever cancels it holds up neither its own logins nor other waits")
    func blockedCancellation() async throws {
        let mule = Mule()
        let world = World(chain: ProviderChain(providers: [mule])) { $0.login.deadline = Self.limit }
        let credentials = try World.credentials("alice")
        for _ in 0..<2 {
            let result = await Punctuality.expect(within: Self.limit) { _ in
                await world.manager.login(credentials, client: World.browser)
            }
            #expect(result.outage?.kind == .timeout)
        }
        let promise = Promise<Int>()
        #expect(await Punctuality.expect(within: Self.limit) { await promise.value(until: $0) } == nil)
        for _ in 0..<2 { mule.release.signal() }
    }

    @Test("an outage of the rules tells the audit log whose password was right")
    func silentRules() async throws {
        let world = World { $0.login.deadline = Self.limit }
        world.judge.hold()
        defer { world.judge.release() }
        let credentials = try World.credentials("alice")
        let result = await Punctuality.expect(within: Self.limit) { _ in
            await world.manager.login(credentials, client: World.browser)
        }
        #expect(result.outage?.step == "groups")
        let event = try #require(world.audit.events.last { $0.kind == .login })
        #expect(event.outcome == .unavailable && event.userID == World.identity("alice").userID)
    }
}
