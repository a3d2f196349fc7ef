internal import Glibc
internal import Synchronization

/// One thread that waits for many descriptors and many deadlines at once, with poll(2).
///
/// Nothing stays registered with the kernel between two waits, so a descriptor may be closed at any time: at worst one
/// waiter is told "ready" and finds out by its next system call.
final class Reactor: Sendable {
    /// The one that the process uses.
    static let shared = Reactor()

    /// What somebody waits for on one descriptor.
    struct Interest: Sendable {
        var descriptor: Int32
        /// `POLLIN`, `POLLOUT` or both.
        var events: Int16
    }

    /// How a wait ended.
    enum Outcome: Sendable {
        /// These descriptors are ready, with poll(2)'s result bits.
        case ready([Interest])
        /// The deadline passed, or there is nobody to mind it.
        case timedOut
    }

    typealias Handler = @Sendable (Outcome) -> Void
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        var interests: [Interest]
        var deadline: Instant
        var handler: Handler
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var lastID: UInt64 = 0
        var isRunning = false
        /// Until when the thread sleeps at most; nil while it is awake.
        var sleepsUntil: Instant?
    }

    private let state = Mutex(State())
    private let wakeUp: WakeUp

    private init() {
        do {
            wakeUp = try WakeUp()
        } catch {
            preconditionFailure("no descriptor left for the reactor: \(error)")
        }
    }

    /// Calls `handler` once: when one of the descriptors is ready or when the deadline has passed.
    /// - Parameters:
    ///   - interests: The descriptors; none at all makes it a mere timer.
    ///   - deadline: When to stop waiting.
    ///   - handler: Called on the reactor's thread; must not block.
    /// - Returns: A number for ``remove(_:)``.
    /// - Throws: ``HostError`` if the thread cannot be started.
    func add(
        _ interests: [Interest],
        until deadline: Instant,
        handler: @escaping Handler
    ) throws(HostError) -> UInt64 {
        let (id, mustWake, mustStart) = state.withLock { state in
            state.lastID += 1
            state.entries[state.lastID] = Entry(interests: interests, deadline: deadline, handler: handler)
            let isEarly = state.sleepsUntil.map { deadline < $0 } ?? false
            defer { state.isRunning = true }
            return (state.lastID, isEarly || (!interests.isEmpty && state.sleepsUntil != nil), !state.isRunning)
        }
        if mustStart {
            do {
                try HostThread.start(name: "host-reactor") { self.run() }
            } catch {
                for handler in stranded(by: id) { handler(.timedOut) }
                throw error
            }
        }
        if mustWake { wakeUp.wake() }
        return id
    }

    /// There is no thread: whoever came meanwhile relied on it, and nobody else would ever call them.
    private func stranded(by id: UInt64) -> [Handler] {
        state.withLock { state in
            state.isRunning = false
            state.entries[id] = nil
            defer { state.entries = [:] }
            return state.entries.values.map(\.handler)
        }
    }

    /// Forgets a wait; its handler is not called any more, unless it is just being called.
    /// - Parameter id: What ``add(_:until:handler:)`` returned.
    func remove(_ id: UInt64) {
        let entry = state.withLock { $0.entries.removeValue(forKey: id) }
        // While poll(2) runs it holds the open file; waking it lets a close take effect at once.
        if let entry, !entry.interests.isEmpty { wakeUp.wake() }
    }

    private func run() {
        while true {
            let (interests, owners, timeout) = prepare()
            var set = [pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
            set += interests.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
            let count = unsafe poll(&set, nfds_t(set.count), timeout)
            var ready: [UInt64: [Interest]] = [:]
            if count > 0 {
                if set[0].revents != 0 { wakeUp.acknowledge() }
                for (index, owner) in owners.enumerated() where set[index + 1].revents != 0 {
                    let found = Interest(descriptor: set[index + 1].fd, events: set[index + 1].revents)
                    ready[owner, default: []].append(found)
                }
            }
            for (handler, outcome) in collect(ready) { handler(outcome) }
        }
    }

    /// What the next poll(2) has to wait for: the descriptors, whose they are, and for how many milliseconds.
    private func prepare() -> ([Interest], [UInt64], Int32) {
        state.withLock { state in
            var interests: [Interest] = []
            var owners: [UInt64] = []
            let first = state.entries.values.lazy.map(\.deadline).min()
            for (id, entry) in state.entries {
                interests += entry.interests
                owners += repeatElement(id, count: entry.interests.count)
            }
            // A far deadline is slept towards in steps of a minute.
            let limit = Instant.now + .seconds(60)
            let until = min(first ?? limit, limit)
            state.sleepsUntil = until
            return (interests, owners, until.millisecondsFromNow)
        }
    }

    /// Takes out the waits that are over.
    private func collect(_ ready: [UInt64: [Interest]]) -> [(Handler, Outcome)] {
        let now = Instant.now
        return state.withLock { state in
            state.sleepsUntil = nil
            var finished: [(Handler, Outcome)] = []
            for (id, interests) in ready {
                guard let entry = state.entries.removeValue(forKey: id) else { continue }
                finished.append((entry.handler, .ready(interests)))
            }
            for (id, entry) in state.entries where entry.deadline <= now {
                state.entries[id] = nil
                finished.append((entry.handler, .timedOut))
            }
            return finished
        }
    }
}

extension ContinuousClock.Instant {
    /// The time from now in whole milliseconds, rounded up and at least 0, as poll(2) wants it.
    var millisecondsFromNow: Int32 {
        let left = ContinuousClock.now.duration(to: self)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
