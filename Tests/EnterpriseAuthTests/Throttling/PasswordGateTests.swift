import EnterpriseAuthTesting
import HostSystem
import Synchronization
import Testing

@testable import EnterpriseAuth

@Suite("The gate before a password is shown")
struct PasswordGateTests {
    /// A directory that takes any name with an "alice" in it for alice, and can stand still before or after its gate.
    private final class LaxProvider: CredentialProvider {
        enum Halt { case before, after }

        let name = "corp"
        let halt: Halt?
        let counts = Mutex((searches: 0, binds: 0))

        init(halt: Halt? = nil) { self.halt = halt }

        func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
            await verify(credentials, through: PasswordGate(), deadline: deadline)
        }

        func verify(
            _ credentials: Credentials,
            through gate: PasswordGate,
            deadline: ContinuousClock.Instant
        ) async -> CredentialOutcome {
            counts.withLock { $0.searches += 1 }
            guard credentials.username.contains("alice") else {
                return .refused(Refusal(.unknownUser, provider: name, detail: ""))
            }
            if halt == .before { return await waitForCancellation() }
            if let outcome = await gate.pass(as: "alice") { return outcome }
            counts.withLock { $0.binds += 1 }
            if halt == .after { return await waitForCancellation() }
            let isRight = credentials.password == SecretBytes(Array("right".utf8))
            guard isRight else { return .refused(Refusal(.wrongPassword, provider: name, detail: "")) }
            return .verified(World.identity("alice"), notices: [])
        }

        func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
            .good(identity)
        }

        private func waitForCancellation() async -> CredentialOutcome {
            while !Task.isCancelled { await Task.yield() }
            return .unavailable(Outage(.cancelled, source: name, step: "bind", detail: "the caller went away"))
        }
    }

    @Test("all names under which a source finds one person have her counter too", arguments: [false, true])
    func names(isShared: Bool) async throws {
        let provider = LaxProvider()
        let world = World(
            store: CountingStore(isShared: isShared),
            chain: ProviderChain(providers: [provider])
        )
        for number in 0..<20 {
            let reason = try await world.attempt("alice@host\(number)", "wrong \(number)")
            #expect(reason == (number < 3 ? .wrongPassword : .throttled))
        }
        #expect(provider.counts.withLock { $0.binds } == 3)
        #expect(try await world.attempt("alice", "right") == .throttled)
        #expect(try await world.attempt("alice@elsewhere", "right") == .throttled)
        world.clock.advance(by: .seconds(300))
        #expect(try await world.attempt("alice@elsewhere", "right") == nil)
    }

    @Test("many at once under many names get no more than are free")
    func manyAtOnce() async throws {
        let provider = LaxProvider()
        let world = World(chain: ProviderChain(providers: [provider])) { $0.throttle.sourceFreeGuesses = 1000 }
        let refusals = await withTaskGroup(of: Refusal.Reason?.self) { group in
            for number in 0..<300 {
                group.addTask { try? await world.attempt("alice\(number)", "wrong \(number)") }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(refusals == [.wrongPassword: 3, .throttled: 297])
        #expect(provider.counts.withLock { $0.binds } == 3)
    }

    @Test("the same wrong password under another name is the same")
    func repeated() async throws {
        let provider = LaxProvider()
        let world = World(chain: ProviderChain(providers: [provider]))
        for number in 0..<20 { try await world.attempt("alice@host\(number)", "old") }
        #expect(provider.counts.withLock { $0.binds } == 1)
        #expect(try await world.failures("alice") == 1)
    }

    @Test("a success under another name takes back what this client has failed under both")
    func success() async throws {
        let world = World(chain: ProviderChain(providers: [LaxProvider()]))
        for number in 0..<2 { try await world.attempt("alice@host", "wrong \(number)") }
        #expect(try await world.failures("alice") == 2)
        #expect(try await world.attempt("alice@host", "right") == nil)
        #expect(try await world.failures("alice") == 0)
        #expect(try await world.failures("alice@host") == 0)
    }

    @Test(
        "who goes away has guessed if the password was shown, and has not if it reached nobody",
        arguments: [true, false]
    )
    func goneAway(wasShown: Bool) async throws {
        let provider = LaxProvider(halt: wasShown ? .after : .before)
        let world = World(chain: ProviderChain(providers: [provider]))
        let login = Task { try await world.attempt("alice", "wrong") }
        while provider.counts.withLock({ wasShown ? $0.binds : $0.searches }) == 0 { await Task.yield() }
        login.cancel()
        _ = try await login.value
        #expect(try await world.failures("alice") == (wasShown ? 1 : 0))
    }

    @Test("a provider that knows no gate has shown the password as soon as it is asked")
    func withoutGate() async throws {
        let provider = UngatedProvider()
        let world = World(chain: ProviderChain(providers: [provider]))
        let login = Task { try await world.attempt("alice", "wrong") }
        while !provider.isAsked.withLock({ $0 }) { await Task.yield() }
        login.cancel()
        _ = try await login.value
        #expect(try await world.failures("alice") == 1)
    }

    /// Goes on until it is cancelled.
    private final class UngatedProvider: CredentialProvider {
        let name = "corp"
        let isAsked = Mutex(false)

        func verify(_ credentials: Credentials, deadline: ContinuousClock.Instant) async -> CredentialOutcome {
            isAsked.withLock { $0 = true }
            while !Task.isCancelled { await Task.yield() }
            return .unavailable(Outage(.cancelled, source: name, step: "bind", detail: "the caller went away"))
        }

        func recheck(_ identity: Identity, deadline: ContinuousClock.Instant) async -> AccountStanding {
            .good(identity)
        }
    }
}
