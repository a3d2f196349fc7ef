internal import HostCrypto
internal import Logging
internal import Synchronization

/// The throttle of a program that has its store to itself: memory decides, and the store is told of failures.
///
/// Attempts that are on their way count as if they were to fail. Who could be let through if they do not, waits for them:
/// however many come at once, no more guesses reach a provider than one after the other would, and nobody is refused
/// because of others who come to be let in.
final class MemoryThrottle: ThrottleEngine {
    /// Somebody who waits until another attempt ends.
    fileprivate struct Waiter: Sendable {
        let number: UInt64
        let promise: Promise<Void>
    }

    /// Attempts with one and the same password for one account.
    fileprivate struct Flight: Sendable {
        /// Whether the first of them was wrong.
        let isWrong = Promise<Bool>()
        /// The first of them was not wrong: the others need not wait.
        var isReleased = false
        var count = 1
    }

    fileprivate struct State: Sendable {
        var ledger: ThrottleLedger
        var wrong: WrongPasswords
        var pending: [ThrottleKey: Int] = [:]
        var flights: [SHA256Digest: Flight] = [:]
        var queues: [ThrottleKey: [Waiter]] = [:]
        var waiterCount = 0
        var nextNumber: UInt64 = 0
        var isLoaded = false
        var loading: Promise<Result<Void, Outage>>?
        var writing: Promise<Void>?
    }

    fileprivate enum Step: Sendable {
        case done(ThrottleAdmission)
        case queue(ThrottleKey, Waiter)
        case follow(Promise<Bool>)
    }

    private static let waiterLimit = 4096

    private let configuration: ThrottleConfiguration
    private let store: (any ThrottleStore)?
    private let clock: any WallClock
    private let logger: Logger
    private let state: Mutex<State>

    init(
        _ configuration: ThrottleConfiguration,
        store: (any ThrottleStore)?,
        clock: any WallClock,
        logger: Logger
    ) {
        (self.configuration, self.store, self.clock, self.logger) = (configuration, store, clock, logger)
        let ledger = ThrottleLedger(configuration)
        let wrong = WrongPasswords(limit: configuration.maxEntries, window: ledger.account.cost)
        state = Mutex(State(ledger: ledger, wrong: wrong, isLoaded: store == nil))
    }

    nonisolated(nonsending) func admit(
        _ subject: ThrottleSubject,
        password: SHA256Digest?,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission {
        do throws(Outage) {
            try await load(until: deadline)
        } catch {
            return .unavailable(error)
        }
        var wokenAt: ThrottleKey?
        while true {
            let step = step(subject, password)
            // Who was woken and does not go on in that queue lets the next one try.
            if let key = wokenAt {
                switch step {
                case .done(.admitted): break
                case .queue(key, _): break
                case .done, .queue, .follow: wake(key)
                }
            }
            wokenAt = nil
            switch step {
            case .done(let admission): return admission
            case .follow(let isWrong):
                guard await isWrong.value(until: deadline) != nil else { return .unavailable(Self.gaveUp) }
            case .queue(let key, let waiter):
                guard await waiter.promise.value(until: deadline) != nil else {
                    leave(key, waiter)
                    return .unavailable(Self.gaveUp)
                }
                wokenAt = key
            }
        }
    }

    private func step(_ subject: ThrottleSubject, _ password: SHA256Digest?) -> Step {
        let now = clock.nowMilliseconds
        return state.withLock { state in
            if let password, let account = subject.account {
                if state.wrong.contains(password, for: account, now: now) {
                    return .done(.throttled(by: "repeated", detail: "the same wrong password as before"))
                }
                if let flight = state.flights[password] {
                    guard flight.isReleased else { return .follow(flight.isWrong) }
                    state.flights[password]?.count += 1
                    return .done(.admitted(ThrottleTicket(subject: subject, password: password, isPending: false)))
                }
            }
            if let block = state.ledger.block(subject, now: now) { return .done(block.admission) }
            if let block = state.ledger.block(subject, pending: state.pending, now: now) {
                return state.enqueue(block.key, limit: Self.waiterLimit)
            }
            var ticket = ThrottleTicket(subject: subject, password: password)
            ticket.failuresBefore = Int(state.ledger.failures(subject, now: now))
            for key in subject.deciding { state.pending[key, default: 0] += 1 }
            if let password { state.flights[password] = Flight() }
            return .done(.admitted(ticket))
        }
    }

    nonisolated(nonsending) func settle(_ ticket: ThrottleTicket, _ result: ThrottleResult) async {
        let now = clock.nowMilliseconds
        let (wrongness, woken) = state.withLock { state -> (Promise<Bool>?, [Promise<Void>]) in
            if ticket.isPending { state.land(ticket.subject) }
            switch result {
            case .guess: state.fail(ticket, now: now)
            case .abandoned: state.ledger.fail(ticket.subject, now: now)
            case .success: state.ledger.succeed(ticket.subject, now: now)
            case .neither: break
            }
            let wrongness = state.leaveFlight(ticket, isWrong: result.isFailure)
            let woken = ticket.isPending ? ticket.subject.deciding.compactMap { state.dequeue($0) } : []
            return (wrongness, woken)
        }
        wrongness?.fulfil(result.isFailure)
        for promise in woken { promise.fulfil(()) }
        write()
    }

    func entries() async throws(Outage) -> [ThrottleEntry] {
        try await load(until: .now + SessionKeeper.storeTimeout)
        return state.withLock { $0.ledger.entries(now: clock.nowMilliseconds) }
    }

    func clear(_ selection: ThrottleSelection) async throws(Outage) -> Int {
        try await load(until: .now + SessionKeeper.storeTimeout)
        let (count, woken) = state.withLock { state -> (Int, [Promise<Void>]) in
            let keys = state.ledger.keys(selection, configuration)
            keys.forEach { state.ledger.remove($0) }
            switch selection {
            case .all: state.wrong.forgetAll()
            case .user(let name): state.wrong.forget(AccountName.folded(name))
            case .source: break
            }
            return (keys.count { $0.kind != .share }, keys.compactMap { state.dequeue($0) })
        }
        for promise in woken { promise.fulfil(()) }
        write()
        return count
    }

    func sweep() async {
        let now = clock.nowMilliseconds
        state.withLock { state in
            state.ledger.sweep(now: now)
            state.wrong.sweep(now: now)
        }
        write()
    }

    func close(until deadline: ContinuousClock.Instant) async {
        write()
        _ = await state.withLock { $0.writing }?.value(until: deadline)
    }

    private func wake(_ key: ThrottleKey) {
        state.withLock { $0.dequeue(key) }?.fulfil(())
    }

    /// Goes away from a queue; who was called already passes the call on.
    private func leave(_ key: ThrottleKey, _ waiter: Waiter) {
        let wasThere = state.withLock { $0.remove(waiter.number, from: key) }
        if !wasThere { wake(key) }
    }

    private static var gaveUp: Outage {
        let detail = "other attempts for the same account or from the same source did not end in time"
        return Outage(Task.isCancelled ? .cancelled : .timeout, source: "throttle", step: "wait", detail: detail)
    }
}

// MARK: The store

extension MemoryThrottle {
    /// Reads what the store has kept, once.
    private nonisolated(nonsending) func load(until deadline: ContinuousClock.Instant) async throws(Outage) {
        guard let store else { return }
        let (flight, isNew) = state.withLock { state -> (Promise<Result<Void, Outage>>?, Bool) in
            if state.isLoaded { return (nil, false) }
            if let loading = state.loading { return (loading, false) }
            let loading = Promise<Result<Void, Outage>>()
            state.loading = loading
            return (loading, true)
        }
        guard let flight else { return }
        if isNew { Task { flight.fulfil(await self.read(store)) } }
        guard let result = await flight.value(until: deadline) else {
            let detail = "the session store did not answer in time"
            throw Outage(Task.isCancelled ? .cancelled : .timeout, source: "throttle", step: "read", detail: detail)
        }
        try result.get()
    }

    private func read(_ store: any ThrottleStore) async -> Result<Void, Outage> {
        do throws(SessionStoreError) {
            let counts = try await store.throttleCounts(limit: configuration.maxEntries)
            state.withLock { state in
                state.ledger.load(counts, now: clock.nowMilliseconds)
                (state.isLoaded, state.loading) = (true, nil)
            }
            return .success(())
        } catch {
            state.withLock { $0.loading = nil }
            return .failure(error.outage)
        }
    }

    /// Sees to it that the store hears of what has changed.
    private func write() {
        guard let store else { return }
        let writing = state.withLock { state -> Promise<Void>? in
            guard state.writing == nil, !state.ledger.changed.isEmpty else { return nil }
            let writing = Promise<Void>()
            state.writing = writing
            return writing
        }
        guard let writing else { return }
        Task {
            await drain(store)
            writing.fulfil(())
        }
    }

    private func drain(_ store: any ThrottleStore) async {
        while let changes = nextChanges() {
            do throws(SessionStoreError) {
                try await store.updateThrottle(Set(changes.keys)) { counts in
                    for (key, count) in changes { counts[key] = count }
                }
            } catch {
                logger.error("the session store did not take failures", metadata: ["error": "\(error)"])
                // The next failure or sweep tries again.
                state.withLock { state in
                    state.ledger.putBack(changes.keys)
                    state.writing = nil
                }
                return
            }
        }
    }

    private func nextChanges() -> [ThrottleKey: ThrottleCount?]? {
        state.withLock { state in
            let changes = state.ledger.takeChanges()
            if changes.isEmpty { state.writing = nil }
            return changes.isEmpty ? nil : changes
        }
    }
}

// MARK: Who is on their way, and who waits

extension MemoryThrottle.State {
    /// Puts somebody at the end of a queue.
    mutating func enqueue(_ key: ThrottleKey, limit: Int) -> MemoryThrottle.Step {
        guard waiterCount < limit else {
            let detail = "more than \(limit) attempts wait for others"
            return .done(.unavailable(Outage(.overloaded, source: "throttle", step: "wait", detail: detail)))
        }
        nextNumber += 1
        waiterCount += 1
        let waiter = MemoryThrottle.Waiter(number: nextNumber, promise: Promise())
        queues[key, default: []].append(waiter)
        return .queue(key, waiter)
    }

    /// Takes the first out of a queue.
    mutating func dequeue(_ key: ThrottleKey) -> Promise<Void>? {
        guard let first = queues[key]?.first else { return nil }
        _ = remove(first.number, from: key)
        return first.promise
    }

    mutating func remove(_ number: UInt64, from key: ThrottleKey) -> Bool {
        guard let index = queues[key]?.firstIndex(where: { $0.number == number }) else { return false }
        queues[key]?.remove(at: index)
        if queues[key]?.isEmpty == true { queues[key] = nil }
        waiterCount -= 1
        return true
    }

    /// Ends an attempt's being on its way.
    mutating func land(_ subject: ThrottleSubject) {
        for key in subject.deciding {
            let rest = (pending[key] ?? 0) - 1
            pending[key] = rest > 0 ? rest : nil
        }
    }

    /// Counts a failure, unless this very password has been counted.
    mutating func fail(_ ticket: ThrottleTicket, now: Int64) {
        guard let account = ticket.subject.account, let password = ticket.password else {
            return ledger.fail(ticket.subject, now: now)
        }
        guard !wrong.contains(password, for: account, now: now) else { return }
        wrong.remember(password, for: account, now: now)
        ledger.fail(ticket.subject, now: now)
    }

    /// Takes an attempt out of those with the same password.
    /// - Returns: Whom to tell whether it was wrong, if that is news.
    mutating func leaveFlight(_ ticket: ThrottleTicket, isWrong: Bool) -> Promise<Bool>? {
        guard let password = ticket.password, var flight = flights[password] else { return nil }
        let isNews = !flight.isReleased
        flight.count -= 1
        flight.isReleased = !isWrong
        flights[password] = isWrong || flight.count == 0 ? nil : flight
        return isNews ? flight.isWrong : nil
    }
}
