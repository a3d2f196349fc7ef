internal import Synchronization

/// Turns host names into addresses with a deadline, without threads that a silent name server could pile up.
///
/// The hosts file is asked first, then the name servers (c-ares). Everybody who asks for the same name at the same time
/// shares one question; when the last of them has gone, the question is withdrawn. At most `limit` different names are
/// asked for at once.
public final class HostResolver: Sendable {
    /// The one that uses the system's name servers.
    public static let shared = HostResolver()

    private struct Flight {
        let id: UInt64
        let task: Task<Void, Never>
        var waiters: [UInt64: OneShot<[SocketAddress]>]
    }

    private struct State {
        var flights: [String: Flight] = [:]
        var lastID: UInt64 = 0
    }

    private let servers: [String]?
    private let limit: Int
    private let state = Mutex(State())

    /// Makes a resolver.
    /// - Parameters:
    ///   - servers: Name servers as `address:port` (`127.0.0.1:5353`, `[::1]:53`) instead of the system's.
    ///   - limit: How many different names may be asked for at once; more are refused with `.busy`.
    public init(servers: [String]? = nil, limit: Int = 64) {
        self.servers = servers
        self.limit = limit
    }

    /// How many questions are on their way.
    public var questionCount: Int {
        state.withLock { $0.flights.count }
    }

    /// Finds the addresses of a host.
    ///
    /// A written address is returned as it is. `localhost` and names below it are the loopback addresses without asking
    /// anybody (RFC 6761 section 6.3). Cancelling the task ends the wait at once; a late answer is dropped.
    /// - Parameters:
    ///   - host: A name or an address without brackets; at most 253 bytes.
    ///   - port: The port that the addresses get.
    ///   - deadline: When to give up.
    /// - Returns: At least one address, in the order in which to try them (RFC 6724).
    /// - Throws: ``HostError`` with the host as subject: `.unknownName` if there certainly is none, `.nameService` if
    ///   the servers cannot answer, `.timedOut`, `.cancelled`, `.busy`, or `.invalid` for what cannot be a name.
    public func resolve(
        host: String,
        port: UInt16,
        deadline: ContinuousClock.Instant
    ) async throws(HostError) -> [SocketAddress] {
        if let address = SocketAddress(literal: host, port: port) { return [address] }
        let name = host.lowercased()
        if name == "localhost" || name == "localhost." || name.hasSuffix(".localhost") {
            return ["::1", "127.0.0.1"].compactMap { SocketAddress(literal: $0, port: port) }
        }
        guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw HostError(.invalid("not a host name"), call: "resolve", subject: Self.printable(host))
        }
        guard ContinuousClock.now < deadline else { throw HostError(.timedOut, call: "resolve", subject: name) }
        let answer = OneShot<[SocketAddress]>()
        let id = try join(name, answer)
        defer { leave(name, id) }
        return try await answer.value(deadline: deadline, call: "resolve", subject: name).map { $0.with(port: port) }
    }

    private func join(_ name: String, _ answer: OneShot<[SocketAddress]>) throws(HostError) -> UInt64 {
        let id = state.withLock { (state) -> UInt64? in
            state.lastID += 1
            let id = state.lastID
            if state.flights[name] != nil {
                state.flights[name]?.waiters[id] = answer
                return id
            }
            guard state.flights.count < limit else { return nil }
            let query = NameQuery(host: name, servers: servers)
            let task = Task.detached { [self] in
                finish(name, id, await query.outcome())
            }
            state.flights[name] = Flight(id: id, task: task, waiters: [id: answer])
            return id
        }
        guard let id else { throw HostError(.busy, call: "resolve", subject: name) }
        return id
    }

    /// One of those who wait goes; the last one takes the question along.
    private func leave(_ name: String, _ id: UInt64) {
        let task: Task<Void, Never>? = state.withLock { state in
            guard state.flights[name]?.waiters.removeValue(forKey: id) != nil else { return nil }
            guard state.flights[name]?.waiters.isEmpty == true else { return nil }
            return state.flights.removeValue(forKey: name)?.task
        }
        task?.cancel()
    }

    private func finish(_ name: String, _ id: UInt64, _ result: Result<[SocketAddress], HostError>) {
        let waiters = state.withLock { state in
            // A withdrawn question may find a newer one under its name.
            guard state.flights[name]?.id == id else { return [OneShot<[SocketAddress]>]() }
            return state.flights.removeValue(forKey: name).map { Array($0.waiters.values) } ?? []
        }
        for waiter in waiters { waiter.fill(result) }
    }

    private static func printable(_ host: String) -> String {
        String(String.UnicodeScalarView(host.unicodeScalars.prefix(64).filter { $0.value > 0x20 && $0.value != 0x7f }))
    }
}
