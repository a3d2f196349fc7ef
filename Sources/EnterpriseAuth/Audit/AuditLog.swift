/// Takes login events for good: a file, the system's log, a collector.
public protocol AuditLog: Sendable {
    /// Takes one event.
    ///
    /// Called from the task that did the thing, so it must not block: an implementation that writes hands the event to
    /// a thread of its own.
    /// - Parameter event: What happened.
    func record(_ event: LoginEvent)
}
