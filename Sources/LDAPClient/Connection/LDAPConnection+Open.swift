internal import Glibc
public import HostSystem

extension LDAPConnection {
    /// Resolves, connects and sets up TLS, all before the deadline.
    ///
    /// If the server has several addresses, they are tried in turn and share the time.
    ///
    /// - Parameters:
    ///   - configuration: Where to and how.
    ///   - resolver: Who finds the server's addresses.
    ///   - deadline: When to give up, if ``LDAPConnectionConfiguration/connectTimeout`` does not end it earlier.
    /// - Returns: A connection that is not bound yet.
    /// - Throws: ``LDAPError`` with the step that failed.
    public static func open(
        _ configuration: LDAPConnectionConfiguration,
        resolver: HostResolver = .shared,
        deadline: ContinuousClock.Instant
    ) async throws(LDAPError) -> LDAPConnection {
        let limit = min(deadline, .now + configuration.connectTimeout)
        let socket: OwnedDescriptor
        do {
            socket = try await ServerSocket.connect(configuration, resolver, deadline: limit)
            try EventLoop.shared.start()
        } catch {
            let step: LDAPError.Step = error.call == "resolve" ? .resolve : .connect
            throw LDAPError(error, step: step, server: configuration.url.description)
        }
        let opener = HandleOpener(configuration, socket, deadline: limit)
        try await opener.run()
        return LDAPConnection(configuration, opener)
    }
}

/// The socket to a server, up to the point where it is connected.
private enum ServerSocket {
    static func connect(
        _ configuration: LDAPConnectionConfiguration,
        _ resolver: HostResolver,
        deadline: ContinuousClock.Instant
    ) async throws(HostError) -> OwnedDescriptor {
        let url = configuration.url
        if let path = url.socketPath {
            guard let address = SocketAddress(unixPath: path) else {
                throw HostError(.invalid("not a path for a socket"), call: "connect", subject: path)
            }
            return try await NonBlockingSocket.connect(to: address, deadline: deadline)
        }
        let addresses = try await resolver.resolve(host: url.host, port: url.port, deadline: deadline)
        var failure = HostError(.unknownName, call: "resolve", subject: url.host)
        for (index, address) in addresses.enumerated() {
            let share = (deadline - .now) / (addresses.count - index)
            do throws(HostError) {
                let socket = try await NonBlockingSocket.connect(to: address, deadline: .now + share)
                tune(socket, configuration.keepalive)
                return socket
            } catch {
                failure = error
                if error.reason == .cancelled { break }
            }
        }
        throw failure
    }

    /// libldap sets these only on sockets that it opens itself.
    ///
    /// What the kernel does not take is left at its default.
    private static func tune(_ socket: OwnedDescriptor, _ keepalive: LDAPConnectionConfiguration.Keepalive) {
        func set(_ level: Int32, _ option: Int32, _ value: Int32) {
            var value = value
            _ = unsafe setsockopt(socket.descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, keepalive.idleSeconds)
        set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, keepalive.intervalSeconds)
        set(Int32(IPPROTO_TCP), TCP_KEEPCNT, keepalive.probes)
        // Bounds what keepalive does not: data that was sent and is never acknowledged.
        let silence = keepalive.idleSeconds &+ keepalive.probes &* keepalive.intervalSeconds
        set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, silence &* 1000)
    }
}

extension LDAPError {
    /// What went wrong outside of libldap.
    init(_ error: HostError, step: Step, server: String) {
        switch error.reason {
        case .timedOut: self.init(.timedOut, step: step, code: .timeout, server: server)
        case .cancelled: self.init(.cancelled, step: step, code: .userCancelled, server: server)
        default:
            self.init(.unreachable, step: step, code: .connectError, server: server, diagnostic: error.description)
        }
    }
}
