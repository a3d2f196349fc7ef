internal import Glibc
internal import HostSystem
internal import Synchronization

/// The thread of one connection: it runs the connection's actor and waits for the connection's socket.
///
/// A thread of its own with one poll(2) for everything (jobs of the actor, the socket, the next deadline) needs no
/// hand-over between a readiness source and a queue and no timer per operation. With a dispatch queue and a dispatch
/// source, one login at a time reached two thirds of a blocking client; this way there is no difference to speak of.
/// Connections are few, because they are pooled, so threads are few.
final class ConnectionLoop: SerialExecutor {
    /// What the thread waits for besides jobs.
    struct Interest: Sendable {
        var descriptor: Int32
        var wantsWrite = false
        /// When to call again even if nothing happens.
        var deadline: ContinuousClock.Instant?
    }

    /// Does what the socket and the clock ask for, and says what to wait for next; nil when there is no socket any
    /// more.
    ///
    /// The argument says whether the socket is readable.
    typealias Tick = @Sendable (Bool) -> Interest?

    private struct State {
        var jobs: [UnownedJob] = []
        var isWaiting = false
        var isStopped = false
        var thread: pthread_t?
    }

    private let state = Mutex(State())
    private let wakeUp: WakeUp

    /// Prepares the loop; nothing runs before ``start(_:)``.
    init() throws(HostError) {
        wakeUp = try WakeUp()
    }

    /// Starts the thread.
    ///
    /// `tick` must not keep the loop's owner alive.
    func start(_ tick: @escaping Tick) throws(HostError) {
        try HostThread.start(name: "ldap") { [self] in
            state.withLock { $0.thread = pthread_self() }
            run(tick)
        }
    }

    /// Ends the thread as soon as it has nothing to run.
    func stop() {
        let mustWake = state.withLock { state in
            state.isStopped = true
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        if mustWake { wakeUp.wake() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        if mustWake { wakeUp.wake() }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Makes `assumeIsolated` right inside of a tick.
    func checkIsolated() {
        precondition(isCurrent, "not on the thread of this connection")
    }

    private var isCurrent: Bool {
        state.withLock { state in
            guard let thread = state.thread else { return false }
            return pthread_equal(thread, pthread_self()) != 0
        }
    }

    private func run(_ tick: Tick) {
        let executor = unsafe asUnownedSerialExecutor()
        var jobs: [UnownedJob] = []
        var isReadable = false
        while true {
            // What has arrived comes first: a job must not send on a connection that the server has closed.
            if isReadable { _ = tick(true) }
            let isStopped = state.withLock { state in
                swap(&jobs, &state.jobs)
                return state.isStopped
            }
            for job in jobs {
                unsafe job.runSynchronously(on: executor)
            }
            jobs.removeAll(keepingCapacity: true)
            let interest = tick(false)
            if isStopped, interest == nil { return }
            isReadable = wait(for: interest)
        }
    }

    /// Waits until there are jobs, the socket is ready or the deadline has come.
    ///
    /// Returns whether the socket is readable.
    private func wait(for interest: Interest?) -> Bool {
        let mayWait = state.withLock { state in
            state.isWaiting = state.jobs.isEmpty && !state.isStopped
            return state.isWaiting
        }
        var set = [
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: interest?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        if interest?.wantsWrite == true { set[1].events |= Int16(POLLOUT) }
        let count = unsafe poll(&set, 2, mayWait ? ConnectionLoop.milliseconds(until: interest?.deadline) : 0)
        if mayWait { state.withLock { $0.isWaiting = false } }
        guard count > 0 else { return false }
        if set[0].revents != 0 { wakeUp.acknowledge() }
        return set[1].revents & ~Int16(POLLOUT) != 0
    }

    /// For poll(2): rounded up, so that the deadline has really come; a far one in steps.
    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - .now).components
        if seconds < 0 || (seconds == 0 && attoseconds <= 0) { return 0 }
        if seconds >= 3600 { return 3_600_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
