internal import EnterpriseAuth
internal import Synchronization

/// Which refusals the audit log has just been told of: a page that somebody may not see has forty pictures that they may
/// not see either.
final class RecentRefusals: Sendable {
    private struct Key: Hashable, Sendable {
        let session: SessionID
        let host: String
        let rule: Int?
    }

    /// A refusal is told again after this time.
    static let pause: Duration = .seconds(60)
    private static let limit = 4096

    private let told = Mutex<[Key: ContinuousClock.Instant]>([:])

    /// Whether a refusal has not been told lately; from now on it has been.
    /// - Parameters:
    ///   - session: Whom it concerns.
    ///   - host: The protected host.
    ///   - rule: The rule that decided.
    ///   - now: The time.
    /// - Returns: True for the one that is to be told.
    func isNews(
        _ session: SessionID,
        _ host: String,
        _ rule: Int?,
        now: ContinuousClock.Instant = .now
    ) -> Bool {
        told.withLock { told in
            let key = Key(session: session, host: host, rule: rule)
            if let before = told[key], now - before < Self.pause { return false }
            // Forgetting tells something twice, which is better than not at all.
            if told.count >= Self.limit { told = told.filter { now - $0.value < Self.pause } }
            if told.count >= Self.limit { told.removeAll() }
            told[key] = now
            return true
        }
    }
}
