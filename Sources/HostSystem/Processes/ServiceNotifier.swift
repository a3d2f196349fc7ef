internal import Glibc

/// Telling systemd how a service is (sd_notify(3)), without its library.
public struct ServiceNotifier: Sendable {
    private let address: SocketAddress

    /// Finds the socket that systemd waits at; there is no notifier where nobody waits.
    /// - Parameter path: `$NOTIFY_SOCKET`: a path, or a name behind `@`; other kinds are not understood.
    public init?(socket path: String? = HostEnvironment.text("NOTIFY_SOCKET")) {
        guard let path, let address = SocketAddress(notifySocket: path) else { return nil }
        self.address = address
    }

    /// Sends one message; never waits.
    /// - Parameter state: Lines such as `READY=1`, `STOPPING=1`, `STATUS=…`, `WATCHDOG=1`.
    /// - Throws: ``HostError`` if it cannot be delivered.
    public func send(_ state: String) throws(HostError) {
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = OwnedDescriptor(adopting: try systemCall("socket") { Glibc.socket(AF_UNIX, type, 0) })
        let message = Array(state.utf8)
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        try systemCall("sendto", address.description) {
            unsafe address.withSockaddr { peer, length in
                unsafe sendto(socket.descriptor, message, message.count, flags, peer, length)
            }
        }
    }
}

extension SocketAddress {
    /// An address as `$NOTIFY_SOCKET` writes it: a path, or a name without a file behind `@`.
    fileprivate init?(notifySocket text: String) {
        if text.hasPrefix("/") {
            self.init(unixPath: text)
        } else if text.hasPrefix("@"), let path = SocketAddress(unixPath: text) {
            self = path.abstract
        } else {
            return nil
        }
    }
}
