import Testing

@testable import EnterpriseAuth

@Suite("Listeners")
struct EventListenersTests {
    @Test("all get every event from the time on at which they began, and lose the oldest if they are slow")
    func several() async {
        let listeners = EventListeners<Int>()
        let patient = listeners.events(bufferingNewest: 10)
        listeners.send(1)
        let slow = listeners.events(bufferingNewest: 1)
        listeners.send(2)
        listeners.send(3)
        var first = patient.makeAsyncIterator()
        var second = slow.makeAsyncIterator()
        #expect(await [first.next(), first.next(), first.next()] == [1, 2, 3])
        #expect(await second.next() == 3)
    }

    @Test("end with what they listen to")
    func end() async {
        var listeners: EventListeners<Int>? = EventListeners()
        let stream = listeners?.events(bufferingNewest: 1)
        listeners = nil
        var iterator = stream?.makeAsyncIterator()
        #expect(await iterator?.next() == nil)
    }
}
