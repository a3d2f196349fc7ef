internal import HostCrypto

/// Passwords that were just found wrong, as codes under a key that never leaves this process.
///
/// One that comes again is refused without a question and without being counted again, so that a telephone with an old
/// password locks nobody out.
struct WrongPasswords: Sendable {
    private let limit: Int
    /// For how long, in milliseconds, a password is remembered.
    private let window: Int64
    private var ends: [String: [SHA256Digest: Int64]] = [:]
    private(set) var count = 0

    init(limit: Int, window: Int64) {
        (self.limit, self.window) = (limit, window)
    }

    func contains(_ code: SHA256Digest, for account: String, now: Int64) -> Bool {
        guard let end = ends[account]?[code] else { return false }
        // An end further away than the window is from before the clock was set back.
        return end > now && end - now <= window
    }

    mutating func remember(_ code: SHA256Digest, for account: String, now: Int64) {
        if ends[account, default: [:]].updateValue(now + window, forKey: code) == nil { count += 1 }
        if count > limit { makeRoom(now: now) }
    }

    mutating func forget(_ account: String) {
        count -= ends.removeValue(forKey: account)?.count ?? 0
    }

    mutating func forgetAll() {
        (ends, count) = ([:], 0)
    }

    /// Forgets what is no longer of use.
    mutating func sweep(now: Int64) {
        keep { [window] in $0 > now && $0 - now <= window }
    }

    private mutating func makeRoom(now: Int64) {
        sweep(now: now)
        guard count > limit else { return }
        let sorted = ends.values.flatMap(\.values).sorted()
        let last = sorted[min(count - limit + limit / 10, count - 1)]
        keep { $0 > last }
    }

    private mutating func keep(_ isKept: (Int64) -> Bool) {
        ends = ends.compactMapValues { codes in
            let kept = codes.filter { isKept($0.value) }
            return kept.isEmpty ? nil : kept
        }
        count = ends.values.reduce(0) { $0 + $1.count }
    }
}
