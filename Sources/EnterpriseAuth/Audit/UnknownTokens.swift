internal import Synchronization

/// How often the audit log is told of tokens that no session has.
///
/// Anybody can make such tokens up, thousands in a second; told one by one they would push out the events of real people.
/// The first from a network are told at once, the rest in one event with their number.
final class UnknownTokens: Sendable {
    private struct Account: Sendable {
        var since: Int64
        var told = 0
        var silent = 0
    }

    /// So many are told at once, from one network within `span`.
    static let freeEvents = 10
    /// One minute, in milliseconds.
    static let span: Int64 = 60_000
    private static let limit = 4096

    private struct State: Sendable {
        var accounts: [String: Account] = [:]
        var sweptAt = Int64.min
    }

    private let state = Mutex(State())

    /// Counts a token.
    /// - Parameters:
    ///   - address: Where it came from; nil if that is not known.
    ///   - now: The time, in milliseconds.
    /// - Returns: For how many tokens an event stands that is to be recorded now; nil if there is to be none yet.
    func count(from address: String?, now: Int64) -> Int? {
        state.withLock { state in
            if state.accounts.count >= Self.limit, !(0..<Self.span).contains(now &- state.sweptAt) {
                state.accounts = state.accounts.filter { Self.isCurrent($0.value, now) || $0.key.isEmpty }
                state.sweptAt = now
            }
            // Those for whom there is no room share an account.
            var key = address.map(NetworkPrefix.key(of:)) ?? ""
            if state.accounts[key] == nil, state.accounts.count >= Self.limit { key = "" }
            var account = state.accounts[key] ?? Account(since: now)
            defer { state.accounts[key] = account }
            guard Self.isCurrent(account, now) else {
                let number = account.silent + 1
                account = Account(since: now, told: 1)
                return number
            }
            guard account.told < Self.freeEvents else {
                account.silent += 1
                return nil
            }
            account.told += 1
            return 1
        }
    }

    /// A clock that was set back ends the span too.
    private static func isCurrent(_ account: Account, _ now: Int64) -> Bool {
        (0..<span).contains(now - account.since)
    }
}
