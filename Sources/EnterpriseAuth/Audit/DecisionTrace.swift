internal import Synchronization

/// Collects the steps of one decision, from whatever room they are taken in.
///
/// A door that wants to explain binds one with `$current.withValue(…)`; rooms call `DecisionTrace.record`, which costs
/// one task-local read when nobody listens.
public final class DecisionTrace: Sendable {
    /// The trace that the current task's steps go to.
    @TaskLocal public static var current: DecisionTrace?

    private let collected = Mutex<[DecisionStep]>([])

    /// Makes an empty trace.
    public init() {}

    /// The steps so far, in the order in which they ended.
    public var steps: [DecisionStep] {
        collected.withLock { $0 }
    }

    /// Adds a step.
    /// - Parameter step: What was done and how it ended.
    public func add(_ step: DecisionStep) {
        collected.withLock { $0.append(step) }
    }

    /// Adds a step to the current task's trace, if there is one; otherwise the step is not even made.
    /// - Parameter step: What was done and how it ended.
    public static func record(_ step: @autoclosure () -> DecisionStep) {
        current?.add(step())
    }
}
