public import Testing

/// Whether work keeps its deadline, on a machine that may have a lot to do besides.
///
/// A sleeper with the same deadline runs beside the work: the time by which the machine wakes that one late is not the
/// work's fault.
public struct Punctuality: Sendable {
    /// When the work has to be done.
    public let deadline: ContinuousClock.Instant
    private let sleeper: Task<ContinuousClock.Instant, Never>

    /// Begins to watch a deadline.
    /// - Parameter limit: How far away it is.
    public init(within limit: Duration) {
        let deadline = ContinuousClock.now + limit
        self.deadline = deadline
        sleeper = Task {
            try? await Task.sleep(until: deadline, clock: .continuous)
            return ContinuousClock.now
        }
    }

    /// Whether it is at most one second after the deadline; to be asked as soon as the work is done.
    /// - Returns: False if the work was late.
    public func isKept() async -> Bool {
        let end = ContinuousClock.now
        guard end > deadline else {
            sleeper.cancel()
            return true
        }
        return end < max(deadline, await sleeper.value) + .seconds(1)
    }

    /// Runs work, and expects it to end no later than one second after its deadline.
    /// - Parameters:
    ///   - limit: The time until the deadline.
    ///   - sourceLocation: Where to report.
    ///   - work: What is given the deadline.
    /// - Returns: What the work returned.
    public static func expect<Result: Sendable>(
        within limit: Duration,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ work: (ContinuousClock.Instant) async throws -> Result
    ) async rethrows -> Result {
        let punctuality = Punctuality(within: limit)
        let result = try await work(punctuality.deadline)
        let isKept = await punctuality.isKept()
        #expect(isKept, "the work was late", sourceLocation: sourceLocation)
        return result
    }
}
