internal import Synchronization

/// Counts what each user of the host takes up, so that none keeps the others out.
final class CallerLedger: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Account {
        var connections = 0
        var logins = 0
        var loginPace: Pace
        var requestPace: Pace
    }

    private struct State {
        var accounts: [UInt32: Account] = [:]
        var connections = 0
        var operators = 0
    }

    /// Why a login may not begin now.
    enum Hindrance: Error {
        case tooManyAtOnce
        case tooFast
    }

    private let limits: LocalSocketLimits
    private let state = Mutex(State())

    init(_ limits: LocalSocketLimits) {
        self.limits = limits
    }

    /// Takes a connection in, if there is room for one of its user.
    func enter(_ caller: LocalCaller, at now: Instant = .now) -> Bool {
        state.withLock { state in
            guard let uid = limited(caller) else {
                guard state.operators < limits.connections else { return false }
                state.operators += 1
                return true
            }
            if state.accounts.count >= 1024 { forget(&state, at: now) }
            let own = state.accounts[uid]?.connections ?? 0
            guard state.connections < limits.connections, own < limits.connectionsPerUser else { return false }
            state.connections += 1
            state.accounts[uid, default: account()].connections += 1
            return true
        }
    }

    /// Lets a connection go that was taken in.
    func leave(_ caller: LocalCaller) {
        state.withLock { state in
            guard let uid = limited(caller) else { return state.operators -= 1 }
            state.connections -= 1
            state.accounts[uid]?.connections -= 1
        }
    }

    /// Counts a request.
    /// - Returns: How long it has to wait.
    func request(_ caller: LocalCaller, at now: Instant = .now) -> Duration {
        guard let uid = limited(caller) else { return .zero }
        return state.withLock { state in
            let wait = state.accounts[uid]?.requestPace.wait(at: now) ?? .zero
            state.accounts[uid]?.requestPace.count(at: now)
            return wait
        }
    }

    /// Lets a login begin, or go on after a question.
    /// - Throws: Why it may not now.
    func beginLogin(_ caller: LocalCaller, isNew: Bool, at now: Instant = .now) throws(Hindrance) {
        guard let uid = limited(caller) else { return }
        let hindrance = state.withLock { state -> Hindrance? in
            guard var account = state.accounts[uid] else { return nil }
            guard account.logins < limits.loginsAtOncePerUser else { return .tooManyAtOnce }
            if isNew {
                guard account.loginPace.wait(at: now) == .zero else { return .tooFast }
                account.loginPace.count(at: now)
            }
            account.logins += 1
            state.accounts[uid] = account
            return nil
        }
        if let hindrance { throw hindrance }
    }

    /// Ends what ``beginLogin(_:isNew:at:)`` began.
    func endLogin(_ caller: LocalCaller) {
        guard let uid = limited(caller) else { return }
        state.withLock { $0.accounts[uid]?.logins -= 1 }
    }

    /// The user that has limits; nil for root and the service's own.
    private func limited(_ caller: LocalCaller) -> UInt32? {
        caller.isOperator ? nil : caller.userID
    }

    private func account() -> Account {
        Account(
            loginPace: Pace(burst: limits.loginBurst, interval: limits.loginInterval),
            requestPace: Pace(burst: limits.requestBurst, interval: limits.requestInterval)
        )
    }

    private func forget(_ state: inout State, at now: Instant) {
        state.accounts = state.accounts.filter { _, account in
            account.connections > 0 || account.logins > 0 || !account.loginPace.isForgotten(at: now)
                || !account.requestPace.isForgotten(at: now)
        }
    }
}
