internal import HostCrypto
internal import HostSystem
internal import Logging
internal import Synchronization

/// The throttle of one command among others: every attempt is counted in the store before a provider is asked.
///
/// So that several processes at once get no more guesses than one, and a process that is killed at the right moment does
/// not get one for nothing.
final class SharedThrottle: ThrottleEngine {
    private let configuration: ThrottleConfiguration
    private let store: any ThrottleStore
    private let clock: any WallClock
    private let logger: Logger
    /// How long an operator waits for the store.
    private let patience: Duration
    /// What is still being told to the store although nobody waits for it.
    private let late = Mutex<[ObjectIdentifier: Promise<Void>]>([:])

    init(
        _ configuration: ThrottleConfiguration,
        store: any ThrottleStore,
        clock: any WallClock,
        logger: Logger,
        patience: Duration = SessionKeeper.storeTimeout
    ) {
        (self.configuration, self.store, self.clock, self.logger) = (configuration, store, clock, logger)
        self.patience = patience
    }

    nonisolated(nonsending) func admit(
        _ subject: ThrottleSubject,
        password: SHA256Digest?,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission {
        let passes = ThrottlePasses()
        let admission = await HardDeadline.run(until: deadline) { [self] in
            let admission = await count(subject, password)
            if case .admitted(let ticket) = admission, !passes.keep(ticket) { _ = tell(ticket, .neither) }
            return admission
        }
        if let admission { return admission }
        // Nobody is asked with what was let through too late, so it is no guess.
        for ticket in passes.close() { _ = tell(ticket, .neither) }
        return .unavailable(Self.timedOut("count"))
    }

    /// Counts an attempt in advance, if it may be made.
    private func count(_ subject: ThrottleSubject, _ password: SHA256Digest?) async -> ThrottleAdmission {
        let now = clock.nowMilliseconds
        do throws(SessionStoreError) {
            let sizes = try await store.throttleSizes()
            let key = try await (store as? any SecretStore)?.secret(named: ThrottleBuckets.secretName)
            let empty = ThrottleLedger(configuration, key: key ?? RandomBytes.secret(32))
            let keys = subject.concerned.union(subject.concerned.map(empty.bucket))
            let admission = try await change(keys, empty, sizes) { ledger in
                if let block = ledger.block(ledger.places(subject.deciding), now: now) { return block.admission }
                var ticket = ThrottleTicket(subject: subject, password: password)
                ticket.failuresBefore = Int(ledger.failures(subject, now: now))
                ticket.before = ledger.before(subject)
                ticket.countedAt = now
                ledger.fail(subject, now: now)
                return .admitted(ticket)
            }
            try await store.sweepThrottle(now: Timestamp(milliseconds: now))
            await store.rest()
            return admission
        } catch {
            await store.rest()
            return .unavailable(error.outage)
        }
    }

    nonisolated(nonsending) func settle(
        _ ticket: ThrottleTicket,
        _ result: ThrottleResult,
        until deadline: ContinuousClock.Instant
    ) async {
        guard !result.isFailure else { return }
        let told = tell(ticket, result)
        // Whoever gave up the login has not given up the truth.
        let isInTime = await Task { await told.value(until: deadline) != nil }.value
        guard !isInTime else { return }
        let error = Self.timedOut("settle")
        logger.error("a login counts as a guess until the store answers", metadata: ["error": "\(error)"])
    }

    /// Tells the store that an attempt was no failure.
    /// - Returns: When it has answered.
    private func tell(_ ticket: ThrottleTicket, _ result: ThrottleResult) -> Promise<Void> {
        let told = Promise<Void>()
        late.withLock { $0[ObjectIdentifier(told)] = told }
        Task {
            await takeBack(ticket, result)
            late.withLock { $0[ObjectIdentifier(told)] = nil }
            told.fulfil(())
        }
        return told
    }

    private func takeBack(_ ticket: ThrottleTicket, _ result: ThrottleResult) async {
        let now = clock.nowMilliseconds
        let keys = ticket.subject.concerned.union(ticket.before.keys)
        do throws(SessionStoreError) {
            let empty = ThrottleLedger(configuration, key: RandomBytes.secret(32))
            try await change(keys, empty) { ledger in
                ledger.takeBack(ticket.before, countedAt: ticket.countedAt, now: now)
                if result == .success { ledger.succeed(ticket.subject, now: now) }
            }
        } catch {
            logger.error("a login still counts as a guess", metadata: ["error": "\(error)"])
        }
        // After a success it is needed at once, for the session; otherwise a person may be typing a code.
        if result != .success { await store.rest() }
    }

    func entries() async throws(Outage) -> [ThrottleEntry] {
        try await inTime("read") { [self] in
            await outcome { [self] () throws(SessionStoreError) in
                try await read().entries(now: clock.nowMilliseconds)
            }
        }
    }

    func clear(_ selection: ThrottleSelection) async throws(Outage) -> Int {
        try await inTime("clear") { [self] in
            await outcome { [self] () throws(SessionStoreError) in
                let read = try await read()
                let keys = Set(read.keys(selection, configuration))
                let empty = ThrottleLedger(configuration, key: RandomBytes.secret(32))
                try await change(keys, empty) { ledger in keys.forEach { ledger.remove($0) } }
                return keys.count { $0.kind != .share }
            }
        }
    }

    func sweep() async {}

    func close(until deadline: ContinuousClock.Instant) async {
        for told in late.withLock({ Array($0.values) }) { _ = await told.value(until: deadline) }
    }

    private func read() async throws(SessionStoreError) -> ThrottleLedger {
        let counts = try await store.throttleCounts(limit: ThrottleLedger.capacity(configuration))
        let key = try await (store as? any SecretStore)?.secret(named: ThrottleBuckets.secretName)
        var ledger = ThrottleLedger(configuration, key: key ?? RandomBytes.secret(32))
        ledger.load(counts, now: clock.nowMilliseconds)
        return ledger
    }

    /// Changes counters in the store by way of a ledger.
    private func change<Value: Sendable>(
        _ keys: Set<ThrottleKey>,
        _ empty: ThrottleLedger,
        _ sizes: [ThrottleKey.Kind: Int]? = nil,
        _ body: @escaping @Sendable (inout ThrottleLedger) -> Value
    ) async throws(SessionStoreError) -> Value {
        let now = clock.nowMilliseconds
        return try await store.updateThrottle(keys) { counts in
            var ledger = empty
            ledger.load(counts, sizes: sizes, now: now)
            defer { counts = ledger.counts }
            return body(&ledger)
        }
    }

    private func outcome<Value: Sendable>(
        _ body: () async throws(SessionStoreError) -> Value
    ) async -> Result<Value, Outage> {
        do throws(SessionStoreError) {
            return .success(try await body())
        } catch {
            return .failure(error.outage)
        }
    }

    /// Waits for the store no longer than an operator should.
    private func inTime<Value: Sendable>(
        _ step: String,
        _ body: @escaping @Sendable () async -> Result<Value, Outage>
    ) async throws(Outage) -> Value {
        let end = ContinuousClock.now + patience
        guard let result = await HardDeadline.run(until: end, body) else { throw Self.timedOut(step) }
        return try result.get()
    }

    private static func timedOut(_ step: String) -> Outage {
        let kind: Outage.Kind = Task.isCancelled ? .cancelled : .timeout
        return Outage(kind, source: "throttle", step: step, detail: "the session store did not answer in time")
    }
}
