/// The arithmetic of one kind of counter: no state, no clock.
struct ThrottleLimits: Sendable, Hashable {
    /// How many failures cost no wait.
    let free: Int64
    /// In what time, in milliseconds, one failure is forgotten.
    let cost: Int64
    let firstWait: Int64
    let longestWait: Int64
    /// More failures than this are not remembered, so that an attack is forgotten in bounded time.
    let most: Int64

    init(free: Int, firstWait: Duration, longestWait: Duration, forget: Duration) {
        self.free = Int64(min(max(free, 1), 1_000_000))
        self.firstWait = max(firstWait.wholeMilliseconds, 1)
        self.longestWait = max(longestWait.wholeMilliseconds, self.firstWait)
        var doublings: Int64 = 0
        while doublings < 62, self.firstWait < self.longestWait >> doublings { doublings += 1 }
        most = self.free + doublings
        cost = min(max(forget.wholeMilliseconds / self.free, 1), .max / most)
    }

    /// The most that is remembered, as a time.
    var maximum: Int64 { cost * most }

    /// How many failures are remembered.
    func failures(_ count: ThrottleCount, at now: Int64) -> Int64 {
        let level = count.level(at: now)
        return min(level / cost + (level % cost == 0 ? 0 : 1), most)
    }

    /// How long after the last of so many failures the next attempt is let through.
    func wait(after failures: Int64) -> Int64 {
        guard failures >= free else { return 0 }
        let doublings = failures - free
        guard doublings < 62, firstWait <= longestWait >> doublings else { return longestWait }
        return firstWait << doublings
    }

    /// From when on an attempt is let through; not before `now`.
    ///
    /// While somebody waits failures are forgotten too, and with fewer of them the wait is shorter.
    func openFrom(_ count: ThrottleCount, at now: Int64) -> Int64 {
        var failures = failures(count, at: now)
        var earliest = Self.sum(count.lastFailureAt.milliseconds, wait(after: failures))
        while failures >= free {
            failures -= 1
            let forgotten = Self.sum(count.forgottenAt.milliseconds, -(cost * failures))
            let candidate = max(forgotten, Self.sum(count.lastFailureAt.milliseconds, wait(after: failures)))
            earliest = min(earliest, candidate)
        }
        return max(earliest, now)
    }

    /// The state after one more failure.
    func adding(_ count: ThrottleCount, at now: Int64) -> ThrottleCount {
        let start = Self.sum(now, count.level(at: now))
        let end = min(Self.sum(start, cost), Self.sum(now, maximum))
        return ThrottleCount(
            forgottenAt: Timestamp(milliseconds: end),
            lastFailureAt: Timestamp(milliseconds: now)
        )
    }

    /// The state in the light of what can be: no failure is from the future, as it is after the clock was set back.
    ///
    /// Both times go back with the clock, so that as much is remembered as before; whoever keeps the state keeps this one,
    /// or the wait would begin anew each time it is looked at.
    func plausible(_ count: ThrottleCount, at now: Int64) -> ThrottleCount {
        let ahead = max(0, Self.sum(count.lastFailureAt.milliseconds, now == .min ? .max : -now))
        let forgottenAt = Self.sum(count.forgottenAt.milliseconds, -ahead)
        return ThrottleCount(
            forgottenAt: Timestamp(milliseconds: min(forgottenAt, Self.sum(now, maximum))),
            lastFailureAt: min(count.lastFailureAt, Timestamp(milliseconds: now))
        )
    }

    private static func sum(_ lhs: Int64, _ rhs: Int64) -> Int64 {
        let (sum, overflow) = lhs.addingReportingOverflow(rhs)
        guard overflow else { return sum }
        return rhs < 0 ? .min : .max
    }
}
