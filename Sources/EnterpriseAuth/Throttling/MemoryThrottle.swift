internal import HostCrypto
internal import HostSystem
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

    fileprivate struct State: Sendable {
        var ledger: ThrottleLedger
        var wrong: WrongPasswords
        var pending: [ThrottleKey: Int] = [:]
        var flights = ThrottleFlights()
        var queues: [ThrottleKey: [Waiter]] = [:]
        var waiterCount = 0
        var nextNumber: UInt64 = 0
        var isLoaded = false
        var loading: Promise<Result<Void, Outage>>?
        var writing: Promise<Void>?
        /// Whether the operator has been told that there is no more room.
        var isOverflowing = false
    }

    fileprivate enum Step: Sendable {
        case done(ThrottleAdmission)
        case queue(ThrottleKey, Waiter)
        case follow(ThrottleFlights.Following)
    }

    fileprivate static let waiterLimit = 4096

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
        let ledger = ThrottleLedger(configuration, key: RandomBytes.secret(32))
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
        var followed: ThrottleFlights.Following?
        while true {
            let step = step(subject, password, after: followed)
            // Who was woken and does not go on in that queue lets the next one try.
            if let key = wokenAt {
                switch step {
                case .done(.admitted): break
                case .queue(key, _): break
                case .done, .queue, .follow: wake(key)
                }
            }
            (wokenAt, followed) = (nil, nil)
            switch step {
            case .done(let admission): return admission
            case .follow(let following):
                guard await following.isOver.value(until: deadline) != nil else {
                    state.withLock { $0.unfollow(following) }
                    return .unavailable(Self.gaveUp)
                }
                followed = following
            case .queue(let key, let waiter):
                guard await waiter.promise.value(until: deadline) != nil else {
                    leave(key, waiter)
                    return .unavailable(Self.gaveUp)
                }
                wokenAt = key
            }
        }
    }

    private func step(
        _ subject: ThrottleSubject,
        _ password: SHA256Digest?,
        after followed: ThrottleFlights.Following?
    ) -> Step {
        let now = clock.nowMilliseconds
        return state.withLock { state in
            // Only now: those whom a right password has let go on are to find it still.
            defer { if let followed { state.unfollow(followed) } }
            if let password, let step = state.joinFlight(password, subject, now: now) { return step }
            let places = state.ledger.places(subject.deciding)
            if let block = state.ledger.block(places, now: now) { return .done(block.admission) }
            if let block = state.ledger.block(places, pending: state.pending, now: now) {
                return state.enqueue(block.key)
            }
            var ticket = ThrottleTicket(subject: subject, password: password)
            ticket.failuresBefore = Int(state.ledger.failures(subject, now: now))
            ticket.places = places
            for key in places { state.pending[key, default: 0] += 1 }
            ticket.flight = password.map { state.flights.begin($0) }
            return .done(.admitted(ticket))
        }
    }

    nonisolated(nonsending) func settle(
        _ ticket: ThrottleTicket,
        _ result: ThrottleResult,
        until deadline: ContinuousClock.Instant
    ) async {
        let now = clock.nowMilliseconds
        let (woken, isNews) = state.withLock { state -> ([Promise<Void>], Bool) in
            state.land(ticket.places)
            switch result {
            case .guess: state.fail(ticket, now: now)
            case .doubtfulGuess, .abandoned: state.ledger.fail(ticket.subject, now: now)
            case .success: state.ledger.succeed(ticket.subject, now: now)
            case .right, .neither: break
            }
            var woken = ticket.places.compactMap { state.dequeue($0) }
            if let password = ticket.password, let flight = ticket.flight,
                let followers = state.flights.end(password, flight, result)
            {
                woken.append(followers)
            }
            return (woken, state.noteOverflow())
        }
        for promise in woken { promise.fulfil(()) }
        if isNews {
            logger.warning("the throttle has no room for more counters: names and networks share them from now on")
        }
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
            _ = state.noteOverflow()
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
            let counts = try await store.throttleCounts(limit: ThrottleLedger.capacity(configuration))
            let key = try await (store as? any SecretStore)?.secret(named: ThrottleBuckets.secretName)
            state.withLock { state in
                state.ledger.load(counts, key: key, now: clock.nowMilliseconds)
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
                try await store.updateThrottle(Set(changes.counts.keys)) { counts in
                    for (key, count) in changes.counts { counts[key] = count }
                }
                state.withLock { $0.ledger.noteStored(changes) }
            } catch {
                logger.error("the session store did not take failures", metadata: ["error": "\(error)"])
                // The next failure or sweep tries again.
                state.withLock { state in
                    state.ledger.putBack(changes)
                    state.writing = nil
                }
                return
            }
        }
    }

    private func nextChanges() -> ThrottleLedger.Changes? {
        state.withLock { state in
            let changes = state.ledger.takeChanges()
            if changes.counts.isEmpty { state.writing = nil }
            return changes.counts.isEmpty ? nil : changes
        }
    }
}

// MARK: Who is on their way, and who waits

extension MemoryThrottle.State {
    /// Says what an attempt does whose password was just found wrong, or is brought by others too.
    /// - Returns: Nil if there is nothing of that kind.
    fileprivate mutating func joinFlight(
        _ password: SHA256Digest,
        _ subject: ThrottleSubject,
        now: Int64
    ) -> MemoryThrottle.Step? {
        guard !wrong.contains(password, for: subject.account, now: now) else {
            return .done(.throttled(by: "repeated", detail: "the same wrong password as before"))
        }
        switch flights.join(password, mayFollow: waiterCount < MemoryThrottle.waiterLimit) {
        case .first: return nil
        case .released(let number):
            return .done(.admitted(ThrottleTicket(subject: subject, password: password, flight: number)))
        case .follow(let following):
            waiterCount += 1
            return .follow(following)
        case .full: return overloaded
        }
    }

    /// Notes that somebody does not wait any more for another attempt with the same password.
    fileprivate mutating func unfollow(_ following: ThrottleFlights.Following) {
        waiterCount -= 1
        flights.leave(following)
    }

    /// Puts somebody at the end of a queue.
    fileprivate mutating func enqueue(_ key: ThrottleKey) -> MemoryThrottle.Step {
        guard waiterCount < MemoryThrottle.waiterLimit else { return overloaded }
        nextNumber += 1
        waiterCount += 1
        let waiter = MemoryThrottle.Waiter(number: nextNumber, promise: Promise())
        queues[key, default: []].append(waiter)
        return .queue(key, waiter)
    }

    private var overloaded: MemoryThrottle.Step {
        let detail = "too many attempts wait for others"
        return .done(.unavailable(Outage(.overloaded, source: "throttle", step: "wait", detail: detail)))
    }

    /// Takes the first out of a queue.
    fileprivate mutating func dequeue(_ key: ThrottleKey) -> Promise<Void>? {
        guard let first = queues[key]?.first else { return nil }
        _ = remove(first.number, from: key)
        return first.promise
    }

    fileprivate mutating func remove(_ number: UInt64, from key: ThrottleKey) -> Bool {
        guard let index = queues[key]?.firstIndex(where: { $0.number == number }) else { return false }
        queues[key]?.remove(at: index)
        if queues[key]?.isEmpty == true { queues[key] = nil }
        waiterCount -= 1
        return true
    }

    /// Ends an attempt's being on its way.
    fileprivate mutating func land(_ places: [ThrottleKey]) {
        for key in places {
            let rest = (pending[key] ?? 0) - 1
            pending[key] = rest > 0 ? rest : nil
        }
    }

    /// Counts a failure, unless this very password has been counted.
    fileprivate mutating func fail(_ ticket: ThrottleTicket, now: Int64) {
        if let password = ticket.password {
            let account = ticket.subject.account
            guard !wrong.contains(password, for: account, now: now) else { return }
            wrong.remember(password, for: account, now: now)
        }
        ledger.fail(ticket.subject, now: now)
    }

    /// Whether there is no more room since the last call.
    fileprivate mutating func noteOverflow() -> Bool {
        defer { isOverflowing = ledger.isOverflowing }
        return ledger.isOverflowing && !isOverflowing
    }
}
