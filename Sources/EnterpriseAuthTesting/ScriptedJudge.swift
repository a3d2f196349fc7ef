public import EnterpriseAuth
internal import Synchronization

/// A judge that says what a test tells it to say; without a word everybody is active.
public final class ScriptedJudge: ActivityJudge {
    private struct Script: Sendable {
        var verdicts: [UserID: ActivityVerdict] = [:]
        var outage: Outage?
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
        var judgements = 0
    }

    private let script = Mutex(Script())

    /// Makes a judge to whom everybody is active.
    public init() {}

    /// How often a verdict was asked.
    public var judgements: Int { script.withLock { $0.judgements } }

    /// How many verdicts are being held back now.
    public var heldCount: Int { script.withLock { $0.held.count } }

    /// Says what the verdict on a person is from now on.
    /// - Parameters:
    ///   - verdict: The verdict.
    ///   - userID: On whom.
    public func set(_ verdict: ActivityVerdict, for userID: UserID) {
        script.withLock { $0.verdicts[userID] = verdict }
    }

    /// Makes the judge fall silent, or speak again.
    /// - Parameter outage: What every verdict is; nil ends the outage.
    public func set(outage: Outage?) {
        script.withLock { $0.outage = outage }
    }

    /// Holds every verdict back until `release()`.
    public func hold() {
        script.withLock { $0.isHolding = true }
    }

    /// Lets the verdicts go that were held back, and all later ones.
    public func release() {
        let held = script.withLock { script in
            script.isHolding = false
            defer { script.held = [] }
            return script.held
        }
        for continuation in held { continuation.resume() }
    }

    /// Judges by the script.
    /// - Parameters:
    ///   - identity: On whom.
    ///   - deadline: Unused.
    /// - Returns: What the script says when it is asked, not when it is released.
    public func judge(_ identity: Identity, deadline: ContinuousClock.Instant) async -> ActivityVerdict {
        let verdict = script.withLock { script -> ActivityVerdict in
            script.judgements += 1
            if let outage = script.outage { return .unavailable(outage) }
            return script.verdicts[identity.userID] ?? .active(groups: [])
        }
        await withCheckedContinuation { continuation in
            let isHeld = script.withLock { script in
                if script.isHolding { script.held.append(continuation) }
                return script.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        return verdict
    }
}
