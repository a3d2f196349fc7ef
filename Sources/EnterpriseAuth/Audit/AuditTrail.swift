/// Hands every event to the audit logs and to whoever listens.
final class AuditTrail: Sendable {
    private let logs: [any AuditLog]
    private let listeners = EventListeners<LoginEvent>()

    init(logs: [any AuditLog]) {
        self.logs = logs
    }

    func record(_ event: LoginEvent) {
        for log in logs { log.record(event) }
        listeners.send(event)
    }

    /// The events from now on; a listener that is slow loses the oldest.
    func events(bufferingNewest count: Int) -> AsyncStream<LoginEvent> {
        listeners.events(bufferingNewest: count)
    }
}
