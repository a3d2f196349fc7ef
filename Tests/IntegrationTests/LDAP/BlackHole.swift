import Glibc
import HostSystem

/// A port of 127.0.0.1 where a connect hangs: Linux drops further handshakes while the queue of a listener is full.
final class BlackHole: Sendable {
    let port: Int
    private let listener: OwnedDescriptor
    private let guests: [OwnedDescriptor]

    /// How many connections it holds itself.
    var held: Int { guests.count }

    init() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = OwnedDescriptor(adopting: descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, length) == 0 && listen(descriptor, 0) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isListening else { throw Failure() }
        let port = UInt16(bigEndian: address.sin_port)
        self.port = Int(port)
        var guests: [OwnedDescriptor] = []
        guard let target = SocketAddress(literal: "127.0.0.1", port: port) else { throw Failure() }
        while guests.count < 10,
            let guest = try? await NonBlockingSocket.connect(to: target, deadline: .now + .milliseconds(100))
        {
            guests.append(guest)
        }
        self.guests = guests
    }

    private struct Failure: Error {}
}
