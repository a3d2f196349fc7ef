import Glibc
import Testing

@testable import HostSystem

@Suite("OneShot")
struct OneShotTests {
    @Test("what has been brought is not lost where no thread can be had for the deadline, and whoever waits is told so")
    func noThread() async {
        // In a process of its own, which has no reactor yet and whose memory is then full.
        await #expect(processExitsWith: .success) {
            let (full, empty) = (OneShot<Int>(), OneShot<Int>())
            full.fill(.success(7))
            let text = String(decoding: try HostFile.read("/proc/self/statm", limit: 1000), as: UTF8.self)
            let pages = try #require(text.split(separator: " ").first.flatMap { UInt($0) })
            // Less than the stack of a thread, more than all else that is needed.
            let memory = __rlimit_resource_t(9)  // RLIMIT_AS
            var limit = rlimit()
            unsafe getrlimit(memory, &limit)
            limit.rlim_cur = pages * 4096 + 4 << 20
            unsafe setrlimit(memory, &limit)
            let deadline = ContinuousClock.now + .seconds(20)
            let value = try await full.value(deadline: deadline, call: "test")
            let error = await #expect(throws: HostError.self) {
                try await empty.value(deadline: deadline, call: "test")
            }
            #expect(value == 7)
            #expect(error?.call == "pthread_create")
        }
    }
}
