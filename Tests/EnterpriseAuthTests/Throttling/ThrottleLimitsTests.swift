import HostSystem
import TestBed
import Testing

@testable import EnterpriseAuth

@Suite("The throttle's arithmetic")
struct ThrottleLimitsTests {
    static let minute: Int64 = 60_000
    /// The defaults for a name: 3 free, 5 minutes, 15 minutes, one hour.
    static let standard = ThrottleLedger(ThrottleConfiguration(), key: SecretBytes(Array(0..<32))).account

    @Test(
        "waits double after the free guesses, up to the longest",
        arguments: [(0, 0), (1, 0), (2, 0), (3, 5), (4, 10), (5, 15), (6, 15), (1000, 15)] as [(Int64, Int64)]
    )
    func waits(failures: Int64, minutes: Int64) {
        #expect(Self.standard.wait(after: failures) == minutes * Self.minute)
    }

    /// Guesses as often as it is let through, at most until `end`.
    private static func times(_ limits: ThrottleLimits, until end: Int64, from start: Int64 = 0) -> [Int64] {
        var (count, now, times) = (ThrottleCount.zero, start, [Int64]())
        while now < end {
            now = limits.openFrom(count, at: now)
            times.append(now)
            count = limits.adding(count, at: now)
        }
        return times.filter { $0 < end }
    }

    @Test("whoever guesses whenever they may does so at the documented minutes")
    func documented() {
        let minutes = Self.times(Self.standard, until: 120 * Self.minute).map { $0 / Self.minute }
        #expect(minutes == [0, 0, 0, 5, 15, 25, 40, 55, 70, 85, 100, 115])
    }

    @Test("over a day that is about a hundred guesses")
    func perDay() {
        #expect(Self.times(Self.standard, until: 24 * 60 * Self.minute).count <= 100)
    }

    @Test("nobody, however they choose their times, brings five guesses within 15 minutes", arguments: 0..<40)
    func fivePerQuarter(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var (count, now, times) = (ThrottleCount.zero, Int64(0), [Int64]())
        for _ in 0..<2000 {
            // Sometimes at once, sometimes after a rest, which lets failures be forgotten.
            if Bool.random(using: &random) { now += Int64.random(in: 0...40 * Self.minute, using: &random) }
            now = Self.standard.openFrom(count, at: now)
            times.append(now)
            count = Self.standard.adding(count, at: now)
        }
        for (first, fifth) in zip(times, times.dropFirst(4)) {
            #expect(fifth - first >= 15 * Self.minute, "\(first) to \(fifth)")
        }
    }

    @Test("a free guess comes back in the time in which one is forgotten, and all in the whole time")
    func forgets() {
        var count = ThrottleCount.zero
        for _ in 0..<3 { count = Self.standard.adding(count, at: 0) }
        let failures = [0, 19, 20, 39, 40, 59, 60].map { Self.standard.failures(count, at: $0 * Self.minute) }
        #expect(failures == [3, 3, 2, 2, 1, 1, 0])
    }

    @Test("no values, however strange, overflow; what they say is never a time in the past", arguments: 0..<200)
    func extremes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let edges: [Int64] = [.min, .min + 1, -1, 0, 1, 1_772_355_600_000, .max - 1, .max]
        func any() -> Int64 {
            Bool.random(using: &random)
                ? edges.randomElement(using: &random) ?? 0 : Int64.random(in: .min ... .max, using: &random)
        }
        let limits = ThrottleLimits(
            free: Int(any()),
            firstWait: .milliseconds(any()),
            longestWait: .milliseconds(any()),
            forget: .milliseconds(any())
        )
        for _ in 0..<50 {
            let now = any()
            var count = ThrottleCount(
                forgottenAt: Timestamp(milliseconds: any()),
                lastFailureAt: Timestamp(milliseconds: any())
            )
            count = limits.plausible(count, at: now)
            #expect(limits.openFrom(count, at: now) >= now)
            count = limits.adding(count, at: now)
            #expect((1...limits.most).contains(limits.failures(count, at: now)) || now == .max)
            #expect(limits.openFrom(count, at: now) >= now)
        }
    }

    @Test("a clock that was set back shuts nobody out for longer than the longest wait")
    func clockSetBack() {
        let year: Int64 = 365 * 86_400_000
        var count = ThrottleCount.zero
        for _ in 0..<9 { count = Self.standard.adding(count, at: year) }
        count = Self.standard.plausible(count, at: 0)
        #expect(Self.standard.openFrom(count, at: 0) == 15 * Self.minute)
        #expect(Self.standard.failures(count, at: 101 * Self.minute) == 0)
    }
}
