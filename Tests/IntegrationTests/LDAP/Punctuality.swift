import Testing

/// Whether work keeps its deadline, on a machine that may have a lot to do besides.
enum Punctuality {
    /// Runs work, and expects it to end no later than one second after its deadline.
    ///
    /// A sleeper with the same deadline runs beside it: the time by which the machine wakes that one late is not counted.
    /// - Parameters:
    ///   - limit: The time until the deadline.
    ///   - sourceLocation: Where to report.
    ///   - work: What is given the deadline.
    /// - Returns: What the work returned.
    static func expect<Result: Sendable>(
        within limit: Duration,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ work: (ContinuousClock.Instant) async throws -> Result
    ) async rethrows -> Result {
        let deadline = ContinuousClock.now + limit
        let sleeper = Task {
            try? await Task.sleep(until: deadline, clock: .continuous)
            return ContinuousClock.now
        }
        let result = try await work(deadline)
        let end = ContinuousClock.now
        if end > deadline {
            let woken = await sleeper.value
            #expect(end < max(deadline, woken) + .seconds(1), sourceLocation: sourceLocation)
        } else {
            sleeper.cancel()
        }
        return result
    }
}
