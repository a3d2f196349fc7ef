import EnterpriseAuthTesting
import Testing

@testable import EnterpriseAuth

@Suite("The throttle of answers to challenges")
struct ThrottledAnswerTests {
    private static let response = ChallengeResponse(challengeID: "c", provider: "corp", answers: [])
    private static let wrong = CredentialOutcome.refused(Refusal(.wrongPassword, provider: "corp", detail: ""))

    /// A world in which erin's right password leads to a challenge.
    private func world() -> World {
        let world = World()
        let challenge = Challenge(id: "c", provider: "corp", messages: [], prompts: [])
        world.provider.add(World.identity("erin"), password: "right", outcome: .challenge(challenge))
        return world
    }

    private func answer(_ world: World) async -> Refusal.Reason? {
        world.provider.set(Self.wrong, forChallenge: "c")
        return await world.manager.answer(Self.response, client: World.stranger).refusal?.reason
    }

    @Test("wrong answers count for the person who was asked")
    func counted() async throws {
        let world = world()
        for _ in 0..<3 {
            try await world.attempt("erin", "right")
            #expect(await answer(world) == .wrongPassword)
        }
        #expect(try await world.attempt("erin", "right") == .throttled)
        world.clock.advance(by: .seconds(300))
        try await world.attempt("erin", "right")
        try await world.guess("erin", times: 1)
        #expect(await answer(world) == .throttled)
    }

    @Test("a second copy of an answer is shown to nobody, nor is the answer to a challenge that nobody has put")
    func copies() async throws {
        let world = world()
        #expect(await answer(world) == .notPermitted)
        try await world.attempt("erin", "right")
        #expect(await answer(world) == .wrongPassword)
        #expect(await answer(world) == .notPermitted)
        #expect(try await world.failures("erin") == 1)
    }

    @Test("an answer that was not let through can be given again, and counts for the same person")
    func later() async throws {
        let world = world()
        try await world.attempt("erin", "right")
        try await world.guess("erin", times: 3)
        #expect(await answer(world) == .throttled)
        world.clock.advance(by: .seconds(300))
        #expect(await answer(world) == .wrongPassword)
        #expect(try await world.failures("erin") == 4)
    }

    @Test("the audit log says whose answer it was", arguments: [true, false])
    func audited(isEnabled: Bool) async throws {
        let world = World { $0.throttle.enabled = isEnabled }
        let challenge = Challenge(id: "c", provider: "corp", messages: [], prompts: [])
        world.provider.add(World.identity("erin"), password: "right", outcome: .challenge(challenge))
        try await world.attempt("Erin", "x")
        try await world.attempt("erin", "right")
        #expect(await answer(world) == .wrongPassword)
        #expect(world.audit.events.last?.name == "erin")
    }
}
