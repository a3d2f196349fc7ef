internal import Synchronization

/// Hands events of one kind to whoever listens.
package final class EventListeners<Event: Sendable>: Sendable {
    private struct Listeners: Sendable {
        var next = 0
        var byNumber: [Int: AsyncStream<Event>.Continuation] = [:]
    }

    private let listeners = Mutex(Listeners())

    package init() {}

    deinit {
        for listener in listeners.withLock({ $0.byNumber.values }) { listener.finish() }
    }

    package func send(_ event: Event) {
        let all = listeners.withLock { Array($0.byNumber.values) }
        for listener in all { listener.yield(event) }
    }

    /// The events from now on; a listener that is slow loses the oldest.
    package func events(bufferingNewest count: Int) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(count))
        let number = listeners.withLock { listeners in
            listeners.next += 1
            listeners.byNumber[listeners.next] = continuation
            return listeners.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0.byNumber.removeValue(forKey: number) }
        }
        return stream
    }
}
