import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("The throttle with more counters than it has room for")
struct ThrottleOverflowTests {
    /// A client of its own for each number.
    private static func client(_ number: Int) -> SessionClient {
        SessionClient(address: "10.0.\(number / 256).\(number % 256)")
    }

    /// Guesses at many names, each from an address of its own.
    private func flood(_ world: World, names: Range<Int>, times: Int = 1) async throws {
        for number in names { try await world.guess("name\(number)", times: times, client: Self.client(number)) }
    }

    @Test("no guesses at other names let go on who is held up")
    func notPushedOut() async throws {
        let world = World { $0.throttle.maxEntries = 100 }
        try await world.guess(times: 3)
        try await flood(world, names: 0..<400, times: 4)
        #expect(try await world.attempt("alice's password") == .throttled)
        #expect(try await world.attempt("alice's password", client: World.browser) == .throttled)
    }

    @Test("whoever comes when there is no room is counted all the same")
    func countedWithoutRoom() async throws {
        let world = World { $0.throttle.maxEntries = 100 }
        try await flood(world, names: 0..<100)
        try await world.guess(times: 3)
        let asked = world.provider.verifications
        #expect(try await world.attempt("alice's password") == .throttled)
        #expect(world.provider.verifications == asked)
    }

    @Test("memory is bounded, whatever comes")
    func bounded() async throws {
        let world = World { $0.throttle.maxEntries = 100 }
        try await flood(world, names: 0..<2000)
        let entries = try await world.manager.throttleEntries()
        #expect(entries.count { $0.kind == .account } <= 200)
        #expect(entries.count { $0.kind == .source } <= 200)
    }

    @Test("networks of one site, and sites of one provider, are counted together too, with more room")
    func widerNetworks() async throws {
        let world = World { $0.throttle.sourceFreeGuesses = 2 }
        for number in 0..<40 {
            try await world.guess(
                "person\(number)",
                times: 1,
                client: SessionClient(address: "2001:db8:1:\(number)::1")
            )
        }
        #expect(world.provider.verifications == 8)
        for number in 0..<40 {
            let client = SessionClient(address: "2001:db8:2:\(number)00::1")
            try await world.guess("somebody\(number)", times: 1, client: client)
        }
        #expect(world.provider.verifications == 8 + 32)
        #expect(try await world.attempt("bob", "bob's password", client: World.browser) == nil)
    }
}
