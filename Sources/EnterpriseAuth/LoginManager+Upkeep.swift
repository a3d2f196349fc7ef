internal import Logging
internal import Synchronization

extension LoginManager {
    /// When the seldom parts of the upkeep were done last.
    struct Upkeep: Sendable {
        var sweptAt: Int64?
        var flushedAt: Int64?
    }

    /// How often uses of sessions are brought to the store, and how often what is over is removed.
    private static let flushInterval: Int64 = 10_000
    private static let sweepInterval: Int64 = 60_000

    /// Does the upkeep until its task is cancelled: checks people again, ends what is over, writes uses in batches.
    ///
    /// When it ends, the store has heard of every use. Run it once, beside the doors.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.checker.whileRunning { await self.everySecond { await self.checker.checkDue() } }
            }
            group.addTask { await self.everySecond { await self.maintain() } }
        }
        // This task is cancelled already; the last write must not be.
        await Task { _ = await self.keeper.flush() }.value
    }

    /// Writes what the store has not heard of yet, and closes it; no method may be called afterwards.
    ///
    /// Waits for checks of people that still go on, for as long as a login may take, and for the store; cancelling the
    /// caller shortens neither. Nothing is written afterwards. `run()` must have ended. A program that only wants one
    /// answer need not call `run()`, but should call this.
    public func close() async {
        await Task {
            await checker.finish(until: .now + login.deadline)
            _ = await keeper.flush()
            await throttle?.close(until: .now + SessionKeeper.storeTimeout)
            await keeper.journal?.close(until: .now + SessionKeeper.storeTimeout)
            await keeper.store?.close()
        }.value
    }

    /// Does one round of the upkeep of the store now: removes what is over, and brings every use to it.
    ///
    /// For a program too short for `run()`, before `close()`.
    public func settle() async {
        upkeep.withLock { $0 = Upkeep() }
        await maintain()
    }

    /// Does one round of the upkeep and waits for all of it; what `run()` does again and again.
    func tick() async {
        await maintain()
        await checker.checkDue()
    }

    private func everySecond(_ body: () async -> Void) async {
        while !Task.isCancelled {
            await body()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func maintain() async {
        let now = keeper.clock.nowMilliseconds
        let (mustFlush, mustSweep) = upkeep.withLock { upkeep in
            let mustFlush = Self.isDue(upkeep.flushedAt, every: Self.flushInterval, now: now)
            let mustSweep = Self.isDue(upkeep.sweptAt, every: Self.sweepInterval, now: now)
            if mustFlush { upkeep.flushedAt = now }
            if mustSweep { upkeep.sweptAt = now }
            return (mustFlush, mustSweep)
        }
        if mustFlush {
            keeper.journal?.retryEnds()
            _ = await keeper.flush()
        }
        if mustSweep {
            keeper.sweepMemory()
            await throttle?.sweep()
            do throws(Outage) {
                try await keeper.sweepStore()
            } catch  where Task.isCancelled {
                // The store was not asked to the end: the next start sweeps.
                logger.debug("the sweep of the session store was cancelled", metadata: ["error": "\(error)"])
            } catch {
                logger.error("the session store was not swept", metadata: ["error": "\(error)"])
            }
            metrics.sessions(keeper.table.count)
        }
    }

    private static func isDue(_ last: Int64?, every interval: Int64, now: Int64) -> Bool {
        guard let last else { return true }
        // A clock that was set back must not stop the upkeep.
        return now - last >= interval || now < last
    }
}
