/// Lets a bounded number in at the same time and a bounded number wait, first come, first served.
actor PAMTurns {
    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<PAMWorkerFailure?, Never>
        let timer: Task<Void, Never>
    }

    private let queue: Int
    private var free: Int
    private var waiters: [Waiter] = []
    private var lastNumber = 0
    private var isClosed = false

    /// Makes the turns.
    /// - Parameters:
    ///   - count: How many are let in at the same time.
    ///   - queue: How many more may wait.
    init(count: Int, queue: Int) {
        precondition(count > 0 && queue >= 0, "somebody must be let in")
        free = count
        self.queue = queue
    }

    /// How many wait.
    var waiting: Int { waiters.count }

    /// Waits for a turn; whoever gets one must `give()` it back.
    /// - Parameter deadline: When to give up.
    /// - Throws: `PAMWorkerFailure`: overloaded, timed out or cancelled; then there is no turn.
    func take(deadline: ContinuousClock.Instant) async throws(PAMWorkerFailure) {
        guard !isClosed else { throw Self.closed }
        if free > 0 {
            free -= 1
            return
        }
        guard waiters.count < queue else {
            throw PAMWorkerFailure(.overloaded, "every PAM worker is busy and \(queue) logins wait already")
        }
        lastNumber += 1
        let number = lastNumber
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let timer = Task {
                    guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
                    self.dismiss(number, PAMWorkerFailure(.timeout, "every PAM worker was busy until the deadline"))
                }
                waiters.append(Waiter(number: number, continuation: continuation, timer: timer))
            }
        } onCancel: {
            Task { await self.dismiss(number, PAMWorkerFailure(.cancelled, "cancelled while waiting for a worker")) }
        }
        if let failure { throw failure }
    }

    /// Gives a turn back; the next in the queue gets it.
    func give() {
        guard !waiters.isEmpty else {
            free += 1
            return
        }
        let next = waiters.removeFirst()
        next.timer.cancel()
        next.continuation.resume(returning: nil)
    }

    /// Lets nobody in any more and sends away who waits.
    func close() {
        isClosed = true
        for waiter in waiters {
            waiter.timer.cancel()
            waiter.continuation.resume(returning: Self.closed)
        }
        waiters = []
    }

    private func dismiss(_ number: Int, _ failure: PAMWorkerFailure) {
        guard let index = waiters.firstIndex(where: { $0.number == number }) else { return }
        let waiter = waiters.remove(at: index)
        waiter.timer.cancel()
        waiter.continuation.resume(returning: failure)
    }

    private static let closed = PAMWorkerFailure(.cancelled, "the PAM provider is shut down")
}
