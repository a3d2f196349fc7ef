internal import Synchronization

/// Runs calls that may block on a few threads of its own, so that neither Swift's pool nor Dispatch's is used up.
///
/// At most `width` calls run at once and at most `queueLimit` wait; more are refused with `.busy`. A caller whose
/// deadline passes goes its way; the call itself cannot be stopped and goes on holding its thread, and what it returns
/// is dropped. Threads end when there is nothing to do.
public final class BlockingExecutor: Sendable {
    /// What an executor is doing.
    public struct Load: Sendable, Hashable {
        /// Calls that run now, those that nobody waits for any more included.
        public let running: Int
        /// Calls that wait for a thread.
        public let waiting: Int
        /// Running calls that nobody waits for any more.
        public let abandoned: Int
        /// How many results have been dropped so far because nobody waited for them any more.
        public let lateResults: Int

        /// Whether nothing runs and nothing waits.
        public var isIdle: Bool { running == 0 && waiting == 0 }
    }

    private struct Job {
        let id: UInt64
        /// Runs the call; false if nobody wanted the result any more.
        let run: @Sendable () -> Bool
        let fail: @Sendable (HostError) -> Void
    }

    private struct State {
        var queue: [Job] = []
        var running: Set<UInt64> = []
        var abandoned: Set<UInt64> = []
        var threads = 0
        var lateResults = 0
        var lastID: UInt64 = 0
    }

    private let name: String
    private let width: Int
    private let queueLimit: Int
    private let state = Mutex(State())

    /// Makes an executor; threads are started when there is work.
    /// - Parameters:
    ///   - name: The threads' name, of which 15 bytes can be seen, and the call's name in errors.
    ///   - width: How many calls may run at once, at least 1.
    ///   - queueLimit: How many more may wait.
    public init(name: String, width: Int, queueLimit: Int) {
        precondition(width > 0 && queueLimit >= 0, "an executor needs a thread")
        self.name = name
        self.width = width
        self.queueLimit = queueLimit
    }

    /// What it is doing now.
    public var load: Load {
        state.withLock { state in
            Load(
                running: state.running.count,
                waiting: state.queue.count,
                abandoned: state.abandoned.count,
                lateResults: state.lateResults
            )
        }
    }

    /// Runs a call and waits for its result.
    /// - Parameters:
    ///   - deadline: When to stop waiting; a call that has not begun by then never does.
    ///   - body: The call. It runs on another thread and may block.
    /// - Returns: What `body` returns.
    /// - Throws: ``HostError``: what `body` throws, `.busy`, `.timedOut`, or `.cancelled` if the task was cancelled.
    public func run<Value: Sendable>(
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable () throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        guard ContinuousClock.now < deadline else { throw HostError(.timedOut, call: name) }
        let result = OneShot<Value>()
        let id = try submit(
            run: {
                do throws(HostError) {
                    return result.fill(.success(try body()))
                } catch {
                    return result.fill(.failure(error))
                }
            },
            fail: { result.fill(.failure($0)) }
        )
        defer { leave(id) }
        return try await result.value(deadline: deadline, call: name)
    }

    private func submit(
        run: @escaping @Sendable () -> Bool,
        fail: @escaping @Sendable (HostError) -> Void
    ) throws(HostError) -> UInt64 {
        let (id, needsThread) = state.withLock { state -> (UInt64?, Bool) in
            let isFree = state.threads < width
            // A job in the queue may be on its way to a thread that has only just been started.
            let total = state.running.count + state.queue.count
            guard total < width + queueLimit else { return (nil, false) }
            state.lastID += 1
            state.queue.append(Job(id: state.lastID, run: run, fail: fail))
            if isFree { state.threads += 1 }
            return (state.lastID, isFree)
        }
        guard let id else { throw HostError(.busy, call: name) }
        if needsThread {
            do {
                try HostThread.start(name: name) { self.work() }
            } catch {
                threadFailed(error)
            }
        }
        return id
    }

    /// There can be no further thread: if none is left at all, those who wait must know.
    private func threadFailed(_ error: HostError) {
        let stranded = state.withLock { state -> [Job] in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            defer { state.queue = [] }
            return state.queue
        }
        for job in stranded { job.fail(error) }
    }

    private func work() {
        while let job = next() {
            let isWanted = job.run()
            state.withLock { state in
                state.running.remove(job.id)
                state.abandoned.remove(job.id)
                if !isWanted { state.lateResults += 1 }
            }
        }
    }

    private func next() -> Job? {
        state.withLock { state in
            guard !state.queue.isEmpty else {
                state.threads -= 1
                return nil
            }
            let job = state.queue.removeFirst()
            state.running.insert(job.id)
            return job
        }
    }

    /// The caller goes; a call that has not begun is taken back.
    private func leave(_ id: UInt64) {
        state.withLock { state in
            if state.running.contains(id) {
                state.abandoned.insert(id)
            } else {
                state.queue.removeAll { $0.id == id }
            }
        }
    }
}
