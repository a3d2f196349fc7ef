/// Shares the time that is left of a login among the servers that may still be asked.
enum AttemptBudget {
    /// A server that was given less time than this, and less than a step may take, is not to blame for its silence.
    static let least: Duration = .milliseconds(500)

    /// Whether a silent server had enough time for its silence to say something of it.
    /// - Parameters:
    ///   - given: The time between the question and the end of the attempt.
    ///   - limit: The most time that one step may take.
    /// - Returns: True if it had.
    static func isFair(_ given: Duration, limit: Duration) -> Bool {
        given >= min(least, limit)
    }

    /// When one attempt ends, so that a silent server leaves time for the ones behind it.
    ///
    /// The last server gets all that is left, up to the limit of a step; any other at most an equal share.
    /// - Parameters:
    ///   - now: The time.
    ///   - deadline: When everything ends.
    ///   - serversLeft: How many servers may still be asked, this one included.
    ///   - limit: The most time that one step may take.
    /// - Returns: The end of the attempt.
    static func end(
        now: ContinuousClock.Instant,
        deadline: ContinuousClock.Instant,
        serversLeft: Int,
        limit: Duration
    ) -> ContinuousClock.Instant {
        let left = max(deadline - now, .zero)
        return now + min(limit, left / max(serversLeft, 1))
    }
}
