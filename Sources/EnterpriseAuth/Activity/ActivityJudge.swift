/// Decides whether a person *is active*; asked after every right password and for every live session again.
public protocol ActivityJudge: Sendable {
    /// Where its work is best done; nil for the ordinary executor.
    var executor: (any TaskExecutor)? { get }

    /// Looks the person's groups up and applies the rules.
    /// - Parameters:
    ///   - identity: Whom to judge.
    ///   - deadline: When to give up.
    /// - Returns: The verdict; an outage is never a yes and never a no.
    func judge(_ identity: Identity, deadline: ContinuousClock.Instant) async -> ActivityVerdict
}

extension ActivityJudge {
    /// Says that the ordinary executor is right.
    public var executor: (any TaskExecutor)? { nil }
}
