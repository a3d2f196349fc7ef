import Testing

@testable import EnterpriseAuth

@Suite("Promise, Gate")
struct PromiseTests {
    @Test("everybody who waits gets the value, and so does whoever comes later")
    func value() async {
        let promise = Promise<Int>()
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<50 { group.addTask { await promise.value(until: .now + .seconds(60)) } }
            group.addTask {
                promise.fulfil(7)
                promise.fulfil(8)
                return 7
            }
            for await value in group { #expect(value == 7) }
        }
        #expect(await promise.value(until: .now) == 7)
    }

    @Test("waiting ends at the deadline", .timeLimit(.minutes(5)))
    func deadline() async {
        #expect(await Promise<Int>().value(until: .now + .milliseconds(20)) == nil)
    }

    @Test("waiting ends when the task is cancelled, before or after it began")
    func cancelled() async {
        for _ in 0..<50 {
            let promise = Promise<Int>()
            let task = Task { await promise.value(until: .now + .seconds(60)) }
            await Task.yield()
            task.cancel()
            #expect(await task.value == nil)
        }
    }

    @Test("a gate lets no more in than it may")
    func gate() async {
        let gate = Gate(limit: 3)
        let inside = Counter()
        let left = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await gate.enter()
                    #expect(inside.next() - left.count <= 3)
                    await Task.yield()
                    left.next()
                    gate.leave()
                }
            }
        }
        #expect(left.count == 100)
    }
}
