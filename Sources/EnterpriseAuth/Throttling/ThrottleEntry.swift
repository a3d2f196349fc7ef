/// One counter of the throttle, as an operator sees it.
public struct ThrottleEntry: Sendable, Hashable {
    /// What is counted: an account, a source, or a known device.
    public let kind: ThrottleKey.Kind

    /// The name as it is counted, which need not be how it was typed; empty for a source.
    ///
    /// U+FFFD and a number stand for a counter that many share for want of room, and U+FFFD alone for all names that
    /// cannot be folded.
    public let account: String

    /// The network, or the device's id, or U+FFFD as above; empty for an account.
    public let origin: String

    /// How many failures are remembered.
    public let failures: Int

    /// When the last one was.
    public let lastFailureAt: Timestamp

    /// Until when attempts are refused without asking anybody; nil if the next one is let through.
    public let throttledUntil: Timestamp?

    /// When all is forgotten, if nothing more happens.
    public let forgottenAt: Timestamp
}

extension ThrottleLedger {
    /// What an operator may want to see: those that must wait first, and of these the longest.
    func entries(now: Int64) -> [ThrottleEntry] {
        let entries = counts.compactMap { key, count -> ThrottleEntry? in
            let limits = limits(of: key.kind)
            let count = limits.plausible(count, at: now)
            let failures = limits.failures(count, at: now)
            guard key.kind != .share, failures > 0 else { return nil }
            let until = limits.openFrom(count, at: now)
            return ThrottleEntry(
                kind: key.kind,
                account: key.account,
                origin: key.origin,
                failures: Int(failures),
                lastFailureAt: count.lastFailureAt,
                throttledUntil: until > now ? Timestamp(milliseconds: until) : nil,
                forgottenAt: count.forgottenAt
            )
        }
        return entries.sorted { lhs, rhs in
            lhs.rank == rhs.rank ? (lhs.account, lhs.origin) < (rhs.account, rhs.origin) : lhs.rank > rhs.rank
        }
    }

    /// The counters of a selection.
    func keys(_ selection: ThrottleSelection, _ configuration: ThrottleConfiguration) -> [ThrottleKey] {
        switch selection {
        case .all: return Array(counts.keys)
        case .user(let name):
            let account = AccountName.folded(name)
            let own = counts.keys.filter { !$0.kind.isSource && $0.account == account }
            return own + withShared([ThrottleKey(.account, account: account)]).filter(\.isShared)
        case .source(let text):
            let listed = counts.keys.filter { $0.kind.isSource && $0.origin == text }
            guard listed.isEmpty else { return listed }
            return withShared(configuration.networks(of: text))
        }
    }

    /// Those of some keys that are here, and those that they share.
    private func withShared(_ keys: [ThrottleKey]) -> [ThrottleKey] {
        (keys + keys.map(bucket)).filter { counts[$0] != nil }
    }
}

extension ThrottleEntry {
    /// How interesting it is.
    fileprivate var rank: (Int64, Int64) {
        (throttledUntil?.milliseconds ?? .min, forgottenAt.milliseconds)
    }
}
