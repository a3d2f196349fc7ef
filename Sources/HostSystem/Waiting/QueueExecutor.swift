public import Dispatch

/// Runs an actor on a serial dispatch queue, off Swift's cooperative pool: for actors that call into C libraries.
///
/// `DispatchSerialQueue`, which would do this, does not exist on Linux. An actor uses it by returning
/// `executor.asUnownedSerialExecutor()` as its `unownedExecutor`, and keeps it alive as a stored property.
public final class QueueExecutor: SerialExecutor {
    /// The queue, for dispatch sources whose handlers must run isolated to the actor.
    public let queue: DispatchQueue

    /// Makes an executor on a queue of its own.
    /// - Parameters:
    ///   - label: The queue's name, for debuggers.
    ///   - qos: The quality of service of its work.
    public init(label: String, qos: DispatchQoS = .userInitiated) {
        queue = DispatchQueue(label: label, qos: qos)
    }

    /// Runs a job on the queue; called by the runtime.
    /// - Parameter job: A piece of an actor's work.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedSerialExecutor()
        queue.async { unsafe job.runSynchronously(on: executor) }
    }

    /// The reference that the runtime works with; the object must outlive it.
    /// - Returns: A reference that keeps nothing alive.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Traps unless called on the queue; makes `assumeIsolated` right in the handlers of dispatch sources.
    public func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
