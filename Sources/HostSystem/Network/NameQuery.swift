internal import CHostShim
internal import Glibc

/// One question to the hosts file and the name servers, with c-ares.
///
/// A question of its own reads resolv.conf afresh, and cancelling the task closes its sockets at once: nothing stays
/// behind on a server that never answers. The actor runs on its own queue, because c-ares reads files.
actor NameQuery {
    private static let executor = QueueExecutor(label: "host.resolver")

    private let host: String
    private let servers: String?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe Self.executor.asUnownedSerialExecutor() }

    /// Prepares a question.
    /// - Parameters:
    ///   - host: A name, not an address.
    ///   - servers: `address:port,…` instead of the system's name servers.
    init(host: String, servers: [String]?) {
        self.host = host
        self.servers = servers?.joined(separator: ",")
    }

    /// Asks until there is an answer or the task is cancelled.
    /// - Returns: At least one address, best first (RFC 6724), all with port 0.
    ///   Otherwise ``HostError``: `.unknownName`, `.nameService`, `.cancelled`.
    func outcome() async -> Result<[SocketAddress], HostError> {
        do throws(HostError) {
            return .success(try await run())
        } catch {
            return .failure(error)
        }
    }

    private func run() async throws(HostError) -> [SocketAddress] {
        while true {
            let (status, addresses) = try await ask()
            switch Int(status) {
            case CHOST_QUERY_FOUND where !addresses.isEmpty: return addresses
            case CHOST_QUERY_TIMED_OUT: continue  // Those who wait have deadlines of their own.
            case CHOST_QUERY_FOUND, CHOST_QUERY_NO_DATA, CHOST_QUERY_UNKNOWN_NAME, CHOST_QUERY_NO_NAME:
                throw HostError(.unknownName, call: "resolve", subject: host)
            default: throw failure(status)
            }
        }
    }

    private func ask() async throws(HostError) -> (Int32, [SocketAddress]) {
        var opened: OpaquePointer?
        let status = unsafe chost_query_open(host, servers, &opened)
        guard let query = unsafe opened else { throw failure(status) }
        defer { unsafe chost_query_close(query) }
        while true {
            let status = unsafe chost_query_status(query)
            guard Int(status) == CHOST_QUERY_PENDING else { return (status, unsafe addresses(of: query)) }
            try await unsafe step(query)
        }
    }

    /// Waits for the question's sockets or its timer, and lets it work.
    private func step(_ query: OpaquePointer) async throws(HostError) {
        let interests = unsafe sockets(of: query)
        let timeout = unsafe chost_query_timeout(query)
        guard timeout >= 0 || !interests.isEmpty else {
            throw HostError(.nameService("no way to ask"), call: "resolve", subject: host)
        }
        let until = ContinuousClock.now + .milliseconds(timeout < 0 ? 1000 : timeout)
        let ready = try await DescriptorReadiness.any(of: interests, until: until, "resolve", host)
        if ready.isEmpty { unsafe chost_query_process(query, -1, -1) }
        for interest in ready {
            let canWrite = interest.events & Int16(POLLOUT) != 0
            let canRead = interest.events & ~Int16(POLLOUT) != 0
            let descriptor = interest.descriptor
            unsafe chost_query_process(query, canRead ? descriptor : -1, canWrite ? descriptor : -1)
        }
    }

    private func sockets(of query: OpaquePointer) -> [Reactor.Interest] {
        var sockets = [chost_query_socket](repeating: chost_query_socket(), count: 16)
        let count = unsafe chost_query_sockets(query, &sockets, Int32(sockets.count))
        return sockets.prefix(Int(count)).map { socket in
            let events = (socket.wants_read != 0 ? POLLIN : 0) | (socket.wants_write != 0 ? POLLOUT : 0)
            return Reactor.Interest(descriptor: socket.descriptor, events: Int16(events))
        }
    }

    private func addresses(of query: OpaquePointer) -> [SocketAddress] {
        var addresses: [SocketAddress] = []
        // Sound: `addresses` stays in place for the call, and only the callback touches it meanwhile.
        unsafe withUnsafeMutablePointer(to: &addresses) { list in
            unsafe chost_query_visit(
                query,
                { context, address, length in
                    let list = unsafe context.assumingMemoryBound(to: [SocketAddress].self)
                    let raw = unsafe UnsafeRawBufferPointer(start: address, count: length)
                    guard let address = unsafe SocketAddress(copying: raw) else { return }
                    if unsafe !list.pointee.contains(address) { unsafe list.pointee.append(address) }
                },
                list
            )
        }
        return addresses
    }

    private func failure(_ status: Int32) -> HostError {
        let text = unsafe String(cString: chost_query_text(status))
        return HostError(.nameService(text), call: "resolve", subject: host)
    }
}
