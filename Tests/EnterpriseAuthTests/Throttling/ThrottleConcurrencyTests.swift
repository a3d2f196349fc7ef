import EnterpriseAuthTesting
import HostSystem
import Synchronization
import Testing

@testable import EnterpriseAuth

@Suite("The throttle, many at once")
struct ThrottleConcurrencyTests {
    /// A provider that gives others time to come in between, and keeps count of who is inside.
    private final class SlowProvider: CredentialProvider {
        let name = "corp"
        let inside = Mutex((now: 0, most: 0, total: 0))
        let right: String

        init(right: String) { self.right = right }

        func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
            inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) }
            for _ in 0..<20 { await Task.yield() }
            inside.withLock { $0.now -= 1 }
            let isRight = credentials.password == SecretBytes(Array(right.utf8))
            guard isRight else { return .refused(Refusal(.wrongPassword, provider: name, detail: "")) }
            return .verified(World.identity(credentials.username), notices: [])
        }

        func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
            .good(identity)
        }
    }

    /// A world whose machine may be slow.
    private static func world(
        _ provider: any CredentialProvider,
        configure: (inout LoginConfiguration) -> Void = { _ in }
    ) -> World {
        World(chain: ProviderChain(providers: [provider])) { configuration in
            configuration.login.deadline = .seconds(60)
            configure(&configuration)
        }
    }

    /// Logs in many times at once.
    /// - Returns: How many were let in, and how many were refused for each reason.
    private func logins(
        _ world: World,
        _ count: Int,
        _ credentials: @escaping @Sendable (Int) -> (name: String, password: String)
    ) async -> (successes: Int, refusals: [Refusal.Reason: Int]) {
        await withTaskGroup(of: LoginResult?.self) { group in
            for number in 0..<count {
                group.addTask {
                    let (name, password) = credentials(number)
                    guard let typed = try? World.credentials(name, password) else { return nil }
                    return await world.manager.login(typed, client: World.browser)
                }
            }
            return await group.reduce(into: (0, [:])) { result, login in
                if login?.success != nil { result.0 += 1 }
                if let reason = login?.refusal?.reason { result.1[reason, default: 0] += 1 }
            }
        }
    }

    @Test("however many guess at a name at once, only those that are free are asked")
    func account() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(provider)
        let outcome = await logins(world, 500) { ("alice", "wrong \($0)") }
        #expect(provider.inside.withLock { $0.total } == 3)
        #expect(outcome.refusals == [.wrongPassword: 3, .throttled: 497])
    }

    @Test("however many names are guessed at from one source at once, only those that are free are asked")
    func source() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(provider) { $0.throttle.sourceFreeGuesses = 20 }
        let outcome = await logins(world, 500) { ("name\($0)", "wrong") }
        #expect(provider.inside.withLock { $0.total } == 20)
        #expect(outcome.refusals == [.wrongPassword: 20, .throttled: 480])
    }

    @Test("the same wrong password, many times at once, is asked once")
    func repeated() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(provider)
        let outcome = await logins(world, 100) { _ in ("alice", "old") }
        #expect(provider.inside.withLock { $0.total } == 1)
        #expect(outcome.refusals == [.wrongPassword: 1, .throttled: 99])
        #expect(try await world.manager.throttleEntries().map(\.failures) == [1, 1])
    }

    @Test("the right password, many times at once, is never refused")
    func right() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(provider) { $0.session.maxPerUser = 1000 }
        let outcome = await logins(world, 200) { _ in ("alice", "right") }
        #expect(outcome.successes == 200)
        #expect(outcome.refusals.isEmpty)
        // The first of them alone, then all others side by side.
        #expect(provider.inside.withLock { $0.most } > 50)
    }

    @Test("a whole company behind one address gets in at once, though no more at a time than are free")
    func company() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(provider) { $0.throttle.sourceFreeGuesses = 20 }
        let outcome = await logins(world, 1000) { ("person\($0)", "right") }
        #expect(outcome.successes == 1000)
        #expect(provider.inside.withLock { $0.most } <= 20)
        #expect(try await world.manager.throttleEntries().isEmpty)
    }

    @Test("wrong ones among right ones never get more than are free, and right ones are let in or throttled")
    func mixed() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(provider) { $0.throttle.sourceFreeGuesses = 50 }
        let outcome = await logins(world, 400) { ("person\($0)", $0 % 4 == 0 ? "wrong" : "right") }
        #expect(outcome.refusals[.wrongPassword] == 50)
        #expect(outcome.successes + (outcome.refusals[.throttled] ?? 0) == 350)
    }

    @Test("whoever gives up waiting keeps nobody else from being called")
    func givingUp() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(provider) { $0.throttle.sourceFreeGuesses = 2 }
        let successes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    guard let typed = try? World.credentials("person\(number)", "right") else { return false }
                    let login = Task { await world.manager.login(typed, client: World.browser) }
                    if number % 2 == 0 { login.cancel() }
                    return await login.value.success != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        // Cancelled in the middle of the check, an attempt counts: others may be throttled, but nobody hangs.
        #expect(successes <= 200)
        world.clock.advance(by: .seconds(7200))
        #expect(try await world.login("zoe", password: "right").session.identity.loginName == "zoe")
    }

    @Test("no more than so many wait for one password: the rest hear that it is too much, and are no guesses")
    func tooManyFollowers() async throws {
        let judge = ScriptedJudge()
        let world = World(judge: judge) {
            ($0.session.maxPerUser, $0.login.deadline) = (5000, .seconds(60))
        }
        judge.hold()
        let count = ThrottleFlights.followerLimit + 101
        async let outcome = logins(world, count) { _ in ("alice", "alice's password") }
        while world.audit.events.count(where: { $0.reason == "overloaded" }) < 100 { await Task.yield() }
        judge.release()
        #expect(await outcome.successes == count - 100)
        #expect(try await world.manager.throttleEntries().isEmpty)
    }

    @Test("after a password that nobody could check, the next is asked alone again")
    func oneAfterTheOther() async throws {
        let provider = SlowProvider(right: "right")
        let world = Self.world(SilentProvider(provider))
        let outcome = await logins(world, 50) { _ in ("alice", "right") }
        #expect(outcome.successes == 0)
        #expect(provider.inside.withLock { $0.total } == 50)
        #expect(provider.inside.withLock { $0.most } == 1)
    }

    /// Asks another provider, and says that it did not answer.
    private struct SilentProvider: CredentialProvider {
        let name = "corp"
        let other: SlowProvider

        init(_ other: SlowProvider) { self.other = other }

        func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
            _ = await other.verify(credentials, deadline: deadline)
            return .unavailable(World.outage)
        }

        func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
            .unavailable(World.outage)
        }
    }
}

extension World {
    fileprivate func login(_ name: String, password: String) async throws -> LoginSuccess {
        let result = await manager.login(try Self.credentials(name, password), client: Self.browser)
        guard case .success(let success) = result else { throw ConformanceFailure("\(name): \(result)") }
        return success
    }
}
