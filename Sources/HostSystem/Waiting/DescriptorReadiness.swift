internal import Glibc

/// Waiting until a descriptor can be read or written, without blocking a thread of the caller's.
public enum DescriptorReadiness {
    /// What to wait for.
    public enum Direction: Sendable {
        /// Bytes to read, a connection to accept, an end of file or an error.
        case reading
        /// Room to write, a finished connect, or an error.
        case writing
    }

    /// Waits until one descriptor is ready.
    ///
    /// Cancelling the task ends the wait. The descriptor may be closed meanwhile; the wait then ends at the latest at
    /// the deadline.
    /// - Parameters:
    ///   - descriptor: An open descriptor, which the caller keeps open.
    ///   - direction: What to wait for.
    ///   - deadline: When to give up.
    ///   - call: What is being done, for the error.
    ///   - subject: What it is done to, for the error.
    /// - Throws: ``HostError``: `.timedOut` or `.cancelled`.
    public static func wait(
        for descriptor: Int32,
        _ direction: Direction,
        deadline: ContinuousClock.Instant,
        call: String = "poll",
        subject: String = ""
    ) async throws(HostError) {
        let events = Int16(direction == .reading ? POLLIN : POLLOUT)
        let ready = try await any(of: [.init(descriptor: descriptor, events: events)], until: deadline, call, subject)
        guard !ready.isEmpty else { throw HostError(.timedOut, call: call, subject: subject) }
    }

    /// Waits until one descriptor is ready, on the calling thread.
    /// - Parameters:
    ///   - descriptor: An open descriptor.
    ///   - direction: What to wait for.
    ///   - deadline: When to give up; nil never does.
    ///   - call: What is being done, for the error.
    /// - Throws: ``HostError``: `.timedOut`, or what poll(2) says.
    static func waitBlocking(
        for descriptor: Int32,
        _ direction: Direction,
        deadline: ContinuousClock.Instant?,
        call: String
    ) throws(HostError) {
        while true {
            var set = pollfd(fd: descriptor, events: Int16(direction == .reading ? POLLIN : POLLOUT), revents: 0)
            let count = try systemCall("poll") { unsafe poll(&set, 1, deadline?.millisecondsFromNow ?? -1) }
            if count > 0 { return }
            if let deadline, deadline <= .now { throw HostError(.timedOut, call: call) }
        }
    }

    /// Waits until at least one of several descriptors is ready.
    /// - Returns: The ready ones with poll(2)'s result bits; none if the deadline passed.
    static func any(
        of interests: [Reactor.Interest],
        until deadline: ContinuousClock.Instant,
        _ call: String,
        _ subject: String
    ) async throws(HostError) -> [Reactor.Interest] {
        let result = OneShot<[Reactor.Interest]>()
        let id = try Reactor.shared.add(interests, until: deadline) { outcome in
            if case .ready(let ready) = outcome { result.fill(.success(ready)) } else { result.fill(.success([])) }
        }
        defer { Reactor.shared.remove(id) }
        return try await result.value(call: call, subject: subject)
    }
}
