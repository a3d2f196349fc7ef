internal import Glibc

/// Connecting without blocking a thread and never past a deadline.
public enum NonBlockingSocket {
    /// Connects a stream socket.
    ///
    /// The socket is non-blocking and close-on-exec; over TCP small writes leave at once (`TCP_NODELAY`). When the
    /// deadline passes, the task is cancelled or the connection fails, the socket is closed.
    /// - Parameters:
    ///   - address: Where to, a path included.
    ///   - deadline: When to give up.
    /// - Returns: The connected socket.
    /// - Throws: ``HostError`` with the address as subject: `.timedOut`, `.cancelled`, or what connect(2) says.
    public static func connect(
        to address: SocketAddress,
        deadline: ContinuousClock.Instant
    ) async throws(HostError) -> OwnedDescriptor {
        let subject = address.description
        let domain =
            switch address.family {
            case .ipv4: AF_INET
            case .ipv6: AF_INET6
            case .unix: AF_UNIX
            }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = OwnedDescriptor(
            adopting: try systemCall("socket", subject) { Glibc.socket(domain, type, 0) }
        )
        if address.family != .unix { try setOption(IPPROTO_TCP, TCP_NODELAY, of: socket, subject) }
        while true {
            guard !Task.isCancelled else { throw HostError(.cancelled, call: "connect", subject: subject) }
            switch startConnect(socket, address) {
            case 0, EISCONN:
                return socket
            case EINPROGRESS, EALREADY, EINTR:
                try await finish(socket, deadline, subject)
                return socket
            case EAGAIN where address.family == .unix:
                // unix(7): the listener's queue is full, and nothing will tell when there is room.
                try await pause(deadline, subject)
            case let code:
                throw HostError(.system(code), call: "connect", subject: subject)
            }
        }
    }

    private static func startConnect(_ socket: OwnedDescriptor, _ address: SocketAddress) -> Int32 {
        unsafe address.withSockaddr { unsafe Glibc.connect(socket.descriptor, $0, $1) } == 0 ? 0 : errno
    }

    private static func finish(
        _ socket: OwnedDescriptor,
        _ deadline: ContinuousClock.Instant,
        _ subject: String
    ) async throws(HostError) {
        try await DescriptorReadiness.wait(
            for: socket.descriptor,
            .writing,
            deadline: deadline,
            call: "connect",
            subject: subject
        )
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try systemCall("getsockopt", subject) {
            unsafe getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        }
        guard code == 0 else { throw HostError(.system(code), call: "connect", subject: subject) }
    }

    private static func pause(_ deadline: ContinuousClock.Instant, _ subject: String) async throws(HostError) {
        let now = ContinuousClock.now
        guard now < deadline else { throw HostError(.timedOut, call: "connect", subject: subject) }
        _ = try await DescriptorReadiness.any(of: [], until: min(deadline, now + .milliseconds(10)), "connect", subject)
    }

    private static func setOption(
        _ level: Int,
        _ option: Int32,
        of socket: OwnedDescriptor,
        _ subject: String
    ) throws(HostError) {
        var on: Int32 = 1
        try systemCall("setsockopt", subject) {
            unsafe setsockopt(socket.descriptor, Int32(level), option, &on, socklen_t(MemoryLayout<Int32>.size))
        }
    }
}
