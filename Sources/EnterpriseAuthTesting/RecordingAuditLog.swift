public import EnterpriseAuth
internal import Synchronization

/// An audit log that keeps its events for a test to look at.
public final class RecordingAuditLog: AuditLog {
    private let recorded = Mutex<[LoginEvent]>([])

    /// Makes an empty log.
    public init() {}

    /// The events so far.
    public var events: [LoginEvent] { recorded.withLock { $0 } }

    /// Keeps an event.
    /// - Parameter event: What happened.
    public func record(_ event: LoginEvent) {
        recorded.withLock { $0.append(event) }
    }

    /// Takes the events so far, and begins anew.
    /// - Returns: The events.
    public func take() -> [LoginEvent] {
        recorded.withLock { recorded in
            defer { recorded = [] }
            return recorded
        }
    }
}
