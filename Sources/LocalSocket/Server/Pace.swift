/// Lets things happen at a pace: some at once, the others at intervals.
struct Pace: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let burst: Int
    private let interval: Duration
    /// When the next one would be due if all of them had come at intervals.
    private var due: Instant?

    init(burst: Int, interval: Duration) {
        (self.burst, self.interval) = (burst, interval)
    }

    /// How long the next one would have to wait.
    func wait(at now: Instant) -> Duration {
        guard let due else { return .zero }
        return max(.zero, now.duration(to: due) - interval * (burst - 1))
    }

    /// Counts one that happens, now or after its wait.
    mutating func count(at now: Instant) {
        due = max(due ?? now, now) + interval
    }

    /// Whether nothing is remembered that would matter.
    func isForgotten(at now: Instant) -> Bool {
        due.map { $0 <= now } ?? true
    }
}
