internal import Glibc
internal import HostSystem
internal import Synchronization

/// The thread that waits for the sockets and the deadlines of all connections, with one poll(2).
///
/// Requests are sent by whoever makes them, so the thread is woken by answers only: neither a hand-over for each request
/// nor a timer for each deadline is needed. It also runs the tasks that prefer it, see ``LDAPExecutor``: what they send
/// in one go leaves with one system call for each connection. Nothing that runs here may wait: what does (files, a TLS
/// handshake) is done by ``HandleOpener`` before a connection comes here.
final class EventLoop: TaskExecutor {
    /// What a connection waits for.
    struct Interest: Sendable {
        var descriptor: Int32
        var wantsWrite: Bool
        /// When to call even if nothing happens.
        var deadline: ContinuousClock.Instant?
    }

    /// What is on a loop.
    protocol Member: AnyObject, Sendable {
        /// Does what the socket and the clock ask for, and says what to wait for next; nil ends the membership.
        func tick(isReadable: Bool) -> Interest?
    }

    private struct State {
        /// Who wants a tick soon; the first one makes the member known.
        var touched: [(id: UInt64, member: any Member)] = []
        var left: [UInt64] = []
        /// Pieces of tasks that prefer this thread.
        var jobs: [UnownedJob] = []
        /// The thread will not wait beyond this; nil while it does not wait.
        var waitsUntil: ContinuousClock.Instant?
        /// The first of the deadlines that came up while the thread was awake.
        var nextDeadline: ContinuousClock.Instant?
        var isStarted = false

        /// Whether the thread must be woken up, which is then the caller's business.
        mutating func mustWake() -> Bool {
            defer { waitsUntil = nil }
            return waitsUntil != nil
        }
    }

    /// The one that the process has, as long as it lives.
    static let shared = EventLoop()
    private static let lastID = Atomic<UInt64>(0)
    /// How often the pieces of tasks that have come up meanwhile are run before the sockets are looked at again.
    private static let rounds = 16

    private let state = Mutex(State())
    private let wakeUp: WakeUp
    private let thread = Atomic<UInt>(0)

    private init() {
        do {
            wakeUp = try WakeUp()
        } catch {
            preconditionFailure("no descriptor left for the connections' event loop: \(error)")
        }
    }

    /// A number for a new member.
    static func newID() -> UInt64 {
        lastID.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Sees to it that the member is called soon; the first time also makes it known.
    func touch(_ id: UInt64, _ member: any Member) {
        wake { state in
            state.touched.append((id, member))
            return true
        }
    }

    /// Sees to it that every member is called when `deadline` has passed.
    func expect(_ deadline: ContinuousClock.Instant) {
        wake { state in
            guard let until = state.waitsUntil else {
                state.nextDeadline = min(state.nextDeadline ?? deadline, deadline)
                return false
            }
            if deadline < until { state.nextDeadline = deadline }
            return deadline < until
        }
    }

    /// Forgets a member that has gone away.
    func leave(_ id: UInt64) {
        wake { state in
            state.left.append(id)
            return true
        }
    }

    /// Whether the caller runs on the loop's thread.
    var isCurrent: Bool {
        thread.load(ordering: .relaxed) == UInt(pthread_self())
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        wake { state in
            state.jobs.append(job)
            return true
        }
    }

    private func wake(_ change: (inout State) -> Bool) {
        let mustWake = state.withLock { state in
            change(&state) && state.mustWake()
        }
        if mustWake { wakeUp.wake() }
    }

    /// Starts the thread unless it runs.
    func start() throws(HostError) {
        let mustStart = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard mustStart else { return }
        do {
            try HostThread.start(name: "ldap") { [self] in
                thread.store(UInt(pthread_self()), ordering: .relaxed)
                run()
            }
        } catch {
            state.withLock { $0.isStarted = false }
            throw error
        }
    }
}

// MARK: The thread

extension EventLoop {
    private func run() {
        var seats = SeatMap()
        var jobs: [UnownedJob] = []
        while true {
            // What has arrived comes before what is sent, so that nobody sends on a connection that is closed.
            seats.visitReady(wait(&seats))
            runJobs(&jobs)
            let (left, touched) = state.withLock { state in
                defer {
                    state.left = []
                    state.touched = []
                }
                return (state.left, state.touched)
            }
            for (id, member) in touched { seats.visit(id, member) }
            for id in left { seats.remove(id) }
        }
    }

    /// Runs what is there and what follows from it at once, but lets answers and deadlines have their turn again.
    ///
    /// `jobs` is empty before and after; its room is used again.
    private func runJobs(_ jobs: inout [UnownedJob]) {
        let executor = unsafe asUnownedTaskExecutor()
        for _ in 0..<Self.rounds {
            state.withLock { swap(&jobs, &$0.jobs) }
            guard !jobs.isEmpty else { return }
            for job in jobs { unsafe job.runSynchronously(on: executor) }
            jobs.removeAll(keepingCapacity: true)
        }
    }

    /// Waits until somebody is touched, a socket is ready or a deadline has come.
    ///
    /// Returns how many sockets are ready.
    private func wait(_ seats: inout SeatMap) -> Int {
        let until = state.withLock { state -> ContinuousClock.Instant? in
            if let deadline = state.nextDeadline { seats.expect(deadline) }
            state.nextDeadline = nil
            guard state.left.isEmpty, state.touched.isEmpty, state.jobs.isEmpty else { return nil }
            // In steps of an hour, for the arithmetic's sake.
            state.waitsUntil = min(seats.firstDeadline ?? .now + .seconds(3600), .now + .seconds(3600))
            return state.waitsUntil
        }
        let (count, isAwakened) = seats.poll(wakeUp.descriptor, until: until)
        state.withLock { $0.waitsUntil = nil }
        if isAwakened { wakeUp.acknowledge() }
        return count
    }
}
