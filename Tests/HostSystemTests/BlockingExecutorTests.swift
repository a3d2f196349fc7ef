import Glibc
import HostSystem
import Synchronization
import TestBed
import Testing

@Suite("BlockingExecutor", .timeLimit(.minutes(1)))
struct BlockingExecutorTests {
    /// A door that calls on the executor's threads wait at until the test opens it.
    private final class Door: Sendable {
        private let isOpen = Mutex(false)

        func open() { isOpen.withLock { $0 = true } }

        func pass() {
            while !isOpen.withLock({ $0 }) { usleep(1000) }
        }
    }

    private func soon() -> ContinuousClock.Instant { .now + .seconds(20) }

    @Test("returns what the call returns and throws what it throws, and ends its threads")
    func results() async throws {
        let executor = BlockingExecutor(name: "test", width: 2, queueLimit: 10)
        #expect(try await executor.run(deadline: soon()) { () throws(HostError) in 7 } == 7)
        let failure = HostError(.system(EIO), call: "test")
        let error = await #expect(throws: HostError.self) {
            try await executor.run(deadline: soon()) { () throws(HostError) -> Int in throw failure }
        }
        #expect(error == failure)
        #expect(await eventually { executor.load.isIdle })
    }

    @Test("runs as many at once as it has threads, queues as many as it may, and refuses the rest")
    func bounds() async throws {
        let executor = BlockingExecutor(name: "test", width: 2, queueLimit: 3)
        let door = Door()
        let tasks = (0..<5).map { number in
            Task { try await executor.run(deadline: soon()) { () throws(HostError) in door.pass() } }
        }
        #expect(await eventually { executor.load.running == 2 && executor.load.waiting == 3 })
        let error = await #expect(throws: HostError.self) {
            try await executor.run(deadline: soon()) { () throws(HostError) in }
        }
        #expect(error?.reason == .busy)
        door.open()
        for task in tasks { try await task.value }
        #expect(await eventually { executor.load.isIdle })
    }

    @Test("lets the caller go at the deadline and drops the late result")
    func deadline() async throws {
        let executor = BlockingExecutor(name: "test", width: 1, queueLimit: 10)
        let door = Door()
        let punctuality = Punctuality(within: .milliseconds(50))
        let error = await #expect(throws: HostError.self) {
            try await executor.run(deadline: punctuality.deadline) { () throws(HostError) in door.pass() }
        }
        #expect(error?.reason == .timedOut)
        #expect(await punctuality.isKept())
        #expect(executor.load.running == 1 && executor.load.abandoned == 1)

        // One that waits behind it never begins if it is cancelled or late.
        let began = Mutex(false)
        let waiting = Task {
            try await executor.run(deadline: soon()) { () throws(HostError) in began.withLock { $0 = true } }
        }
        #expect(await eventually { executor.load.waiting == 1 })
        waiting.cancel()
        let cancelled = await #expect(throws: HostError.self) { try await waiting.value }
        #expect(cancelled?.reason == .cancelled)
        #expect(executor.load.waiting == 0)

        door.open()
        #expect(await eventually { executor.load.isIdle && executor.load.lateResults == 1 })
        #expect(executor.load.abandoned == 0)
        #expect(!began.withLock { $0 })
        #expect(try await executor.run(deadline: soon()) { () throws(HostError) in true })
    }

    @Test("does not even begin when the deadline has passed")
    func passedDeadline() async {
        let executor = BlockingExecutor(name: "test", width: 1, queueLimit: 1)
        let error = await #expect(throws: HostError.self) {
            try await executor.run(deadline: .now) { () throws(HostError) in Issue.record("it ran") }
        }
        #expect(error?.reason == .timedOut)
    }

    @Test("survives many callers who come and go")
    func crowd() async {
        let executor = BlockingExecutor(name: "test", width: 3, queueLimit: 1000)
        await withTaskGroup(of: Int.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let deadline = number % 5 == 0 ? ContinuousClock.now + .microseconds(50) : soon()
                    let result = try? await executor.run(deadline: deadline) { () throws(HostError) in number }
                    return result.map { $0 == number ? 0 : 1 } ?? (number % 5 == 0 ? 0 : 1)
                }
            }
            for await wrong in group { #expect(wrong == 0) }
        }
        #expect(await eventually { executor.load.isIdle })
    }
}
