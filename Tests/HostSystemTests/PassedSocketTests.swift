import HostSystem
import Testing

@Suite("Sockets that a service manager passes")
struct PassedSocketTests {
    private let own = String(HostEnvironment.processID)

    @Test("what nobody passed, or was passed to another process, is not taken")
    func notOurs() throws {
        #expect(try PassedSocket.takeAll { _ in nil } == [])
        #expect(try PassedSocket.takeAll { ["LISTEN_PID": "1", "LISTEN_FDS": "2"][$0] } == [])
        #expect(try PassedSocket.takeAll { ["LISTEN_PID": own, "LISTEN_FDS": "0"][$0] } == [])
    }

    @Test("a number that is none is an error", arguments: ["", "two", "-1", "65", "99999999999"])
    func wrongNumber(text: String) {
        #expect(throws: HostError.self) {
            try PassedSocket.takeAll { ["LISTEN_PID": own, "LISTEN_FDS": text][$0] }
        }
    }

    @Test("the limit of descriptors can be told, and is within what the system allows")
    func limit() {
        let limit = DescriptorLimit.now
        #expect(limit.current > 0)
        #expect(limit.current <= limit.maximum)
    }

    @Test("the clock that nobody sets goes forward")
    func clock() {
        let first = MonotonicTime.nowMicroseconds
        #expect(first > 0)
        #expect(MonotonicTime.nowMicroseconds >= first)
    }
}
