/// The state of one counter: two times, from which the number of failures and the wait follow.
///
/// Every failure moves `forgottenAt` further away by the time in which one is forgotten (as the generic cell rate
/// algorithm of ATM networks does, ITU-T I.371), so that nothing has to be counted down.
public struct ThrottleCount: Sendable, Hashable {
    /// When the last of the failures is forgotten.
    public var forgottenAt: Timestamp

    /// When the last failure was.
    public var lastFailureAt: Timestamp

    /// Puts a state together, as a store has kept it.
    /// - Parameters:
    ///   - forgottenAt: When the last of the failures is forgotten.
    ///   - lastFailureAt: When the last failure was.
    public init(forgottenAt: Timestamp, lastFailureAt: Timestamp) {
        (self.forgottenAt, self.lastFailureAt) = (forgottenAt, lastFailureAt)
    }

    /// Nothing has failed yet.
    static let zero = ThrottleCount(
        forgottenAt: Timestamp(milliseconds: .min),
        lastFailureAt: Timestamp(milliseconds: .min)
    )

    /// For how long, in milliseconds, something of it is remembered yet.
    func level(at now: Int64) -> Int64 {
        guard forgottenAt.milliseconds > now else { return 0 }
        let (level, overflow) = forgottenAt.milliseconds.subtractingReportingOverflow(now)
        return overflow ? .max : level
    }
}
