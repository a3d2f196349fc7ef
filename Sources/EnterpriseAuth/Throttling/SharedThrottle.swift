internal import HostCrypto
internal import Logging

/// The throttle of one command among others: every attempt is counted in the store before a provider is asked.
///
/// So that several processes at once get no more guesses than one, and a process that is killed at the right moment does
/// not get one for nothing.
struct SharedThrottle: ThrottleEngine {
    let configuration: ThrottleConfiguration
    let store: any ThrottleStore
    let clock: any WallClock
    let logger: Logger

    nonisolated(nonsending) func admit(
        _ subject: ThrottleSubject,
        password: SHA256Digest?,
        until deadline: ContinuousClock.Instant
    ) async -> ThrottleAdmission {
        if let admission = await HardDeadline.run(until: deadline, { await count(subject, password) }) {
            return admission
        }
        let kind: Outage.Kind = Task.isCancelled ? .cancelled : .timeout
        let detail = "the session store did not answer in time"
        return .unavailable(Outage(kind, source: "throttle", step: "count", detail: detail))
    }

    /// Counts an attempt in advance, if it may be made.
    private func count(_ subject: ThrottleSubject, _ password: SHA256Digest?) async -> ThrottleAdmission {
        let (configuration, now) = (configuration, clock.nowMilliseconds)
        let ticket = ThrottleTicket(subject: subject, password: password)
        do throws(SessionStoreError) {
            let admission = try await change(subject.concerned) { ledger in
                if let block = ledger.block(subject, now: now) { return block.admission }
                var ticket = ticket
                ticket.failuresBefore = Int(ledger.failures(subject, now: now))
                ticket.before = Dictionary(
                    uniqueKeysWithValues: subject.failing.map { ($0, ledger.counts[$0] ?? .zero) }
                )
                ticket.countedAt = now
                ledger.fail(subject, now: now)
                return .admitted(ticket)
            }
            try await store.sweepThrottle(now: Timestamp(milliseconds: now), limit: configuration.maxEntries)
            await store.rest()
            return admission
        } catch {
            await store.rest()
            return .unavailable(error.outage)
        }
    }

    nonisolated(nonsending) func settle(_ ticket: ThrottleTicket, _ result: ThrottleResult) async {
        guard !result.isFailure else { return }
        let now = clock.nowMilliseconds
        // Whoever gave up the login has not given up the truth.
        await Task {
            do throws(SessionStoreError) {
                try await change(ticket.subject.concerned) { ledger in
                    ledger.takeBack(ticket.before, countedAt: ticket.countedAt, now: now)
                    if result == .success { ledger.succeed(ticket.subject, now: now) }
                }
            } catch {
                logger.error("a login still counts as a guess", metadata: ["error": "\(error)"])
            }
            // After a success it is needed at once, for the session; otherwise a person may be typing a code.
            if result != .success { await store.rest() }
        }.value
    }

    func entries() async throws(Outage) -> [ThrottleEntry] {
        try await read().entries(now: clock.nowMilliseconds)
    }

    func clear(_ selection: ThrottleSelection) async throws(Outage) -> Int {
        let keys = Set(try await read().keys(selection, configuration))
        do throws(SessionStoreError) {
            try await change(keys) { ledger in keys.forEach { ledger.remove($0) } }
        } catch {
            throw error.outage
        }
        return keys.count { $0.kind != .share }
    }

    func sweep() async {}

    func close(until deadline: ContinuousClock.Instant) async {}

    private func read() async throws(Outage) -> ThrottleLedger {
        do throws(SessionStoreError) {
            var ledger = ThrottleLedger(configuration)
            ledger.load(try await store.throttleCounts(limit: configuration.maxEntries), now: clock.nowMilliseconds)
            return ledger
        } catch {
            throw error.outage
        }
    }

    /// Changes counters in the store by way of a ledger.
    private func change<Value: Sendable>(
        _ keys: Set<ThrottleKey>,
        _ body: @escaping @Sendable (inout ThrottleLedger) -> Value
    ) async throws(SessionStoreError) -> Value {
        let (configuration, now) = (configuration, clock.nowMilliseconds)
        return try await store.updateThrottle(keys) { counts in
            var ledger = ThrottleLedger(configuration)
            ledger.load(counts, now: now)
            defer { counts = ledger.counts }
            return body(&ledger)
        }
    }
}
