internal import Synchronization

/// The token that a session had before its last renewal: good until the new one has come back, and a little longer for
/// requests that were under way.
///
/// So nobody is logged out by an answer that got lost on its way to the browser.
final class EarlierToken: Sendable {
    let hash: SessionTokenHash
    private let end = Atomic(Int64.max)

    init(_ hash: SessionTokenHash) {
        self.hash = hash
    }

    /// Notes that somebody has come with the new token.
    func startEnding(at end: Int64) {
        guard self.end.load(ordering: .relaxed) == .max else { return }
        // The first who comes with it counts.
        _ = self.end.compareExchange(expected: .max, desired: end, ordering: .relaxed)
    }

    func isGood(at now: Int64) -> Bool { now < end.load(ordering: .relaxed) }
}
