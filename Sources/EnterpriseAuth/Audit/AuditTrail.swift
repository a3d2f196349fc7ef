internal import Synchronization

/// Hands every event to the audit logs and to whoever listens.
final class AuditTrail: Sendable {
    private struct Listeners: Sendable {
        var next = 0
        var byNumber: [Int: AsyncStream<LoginEvent>.Continuation] = [:]
    }

    private let logs: [any AuditLog]
    private let listeners = Mutex(Listeners())

    init(logs: [any AuditLog]) {
        self.logs = logs
    }

    deinit {
        for listener in listeners.withLock({ $0.byNumber.values }) { listener.finish() }
    }

    func record(_ event: LoginEvent) {
        for log in logs { log.record(event) }
        let all = listeners.withLock { Array($0.byNumber.values) }
        for listener in all { listener.yield(event) }
    }

    /// The events from now on; a listener that is slow loses the oldest.
    func events(bufferingNewest count: Int) -> AsyncStream<LoginEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: LoginEvent.self,
            bufferingPolicy: .bufferingNewest(count)
        )
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
