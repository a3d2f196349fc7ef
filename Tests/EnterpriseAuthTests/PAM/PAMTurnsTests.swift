import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("PAMTurns")
struct PAMTurnsTests {
    private static var soon: ContinuousClock.Instant { .now + .seconds(60) }

    @Test("As many as there are turns are let in, the next waits for one to be given back")
    func waits() async throws {
        let turns = PAMTurns(count: 2, queue: 1)
        try await turns.take(deadline: Self.soon)
        try await turns.take(deadline: Self.soon)
        let third = Task { try await turns.take(deadline: Self.soon) }
        #expect(await ProcessCensus.wait { await turns.waiting == 1 })
        await turns.give()
        try await third.value
    }

    @Test("Who finds the queue full is sent away at once")
    func full() async throws {
        let turns = PAMTurns(count: 1, queue: 0)
        try await turns.take(deadline: Self.soon)
        let failure = await #expect(throws: PAMWorkerFailure.self) { try await turns.take(deadline: Self.soon) }
        #expect(failure?.kind == .overloaded)
    }

    @Test("A wait ends at the deadline, and the turn goes to somebody else")
    func deadline() async throws {
        let turns = PAMTurns(count: 1, queue: 5)
        try await turns.take(deadline: Self.soon)
        let failure = await #expect(throws: PAMWorkerFailure.self) {
            try await turns.take(deadline: .now + .milliseconds(50))
        }
        #expect(failure?.kind == .timeout)
        #expect(await turns.waiting == 0)
        await turns.give()
        try await turns.take(deadline: Self.soon)
    }

    @Test("A wait ends when the task is cancelled")
    func cancelled() async throws {
        let turns = PAMTurns(count: 1, queue: 5)
        try await turns.take(deadline: Self.soon)
        let waiting = Task { try await turns.take(deadline: Self.soon) }
        #expect(await ProcessCensus.wait { await turns.waiting == 1 })
        waiting.cancel()
        let failure = await #expect(throws: PAMWorkerFailure.self) { try await waiting.value }
        #expect(failure?.kind == .cancelled)
    }

    @Test("Closing sends away who waits, and lets nobody in any more")
    func closed() async throws {
        let turns = PAMTurns(count: 1, queue: 5)
        try await turns.take(deadline: Self.soon)
        let waiting = Task { try await turns.take(deadline: Self.soon) }
        #expect(await ProcessCensus.wait { await turns.waiting == 1 })
        await turns.close()
        await #expect(throws: PAMWorkerFailure.self) { try await waiting.value }
        await turns.give()
        await #expect(throws: PAMWorkerFailure.self) { try await turns.take(deadline: Self.soon) }
    }

    @Test("First come, first served")
    func order() async throws {
        let turns = PAMTurns(count: 1, queue: 5)
        try await turns.take(deadline: Self.soon)
        let (arrivals, arrived) = AsyncStream<Int>.makeStream()
        for number in 0..<4 {
            Task {
                try await turns.take(deadline: Self.soon)
                arrived.yield(number)
                await turns.give()
            }
            #expect(await ProcessCensus.wait { await turns.waiting == number + 1 })
        }
        await turns.give()
        var seen: [Int] = []
        for await number in arrivals.prefix(4) { seen.append(number) }
        #expect(seen == [0, 1, 2, 3])
    }
}
