import Glibc
import HostSystem

/// A socket of a test's own on 127.0.0.1, on a port that the system chose.
final class LoopbackSocket: Sendable {
    let descriptor: OwnedDescriptor
    let port: UInt16

    /// - Parameters:
    ///   - isDatagram: UDP instead of TCP.
    ///   - backlog: For TCP, the length of the queue; nil for a bound socket that does not listen.
    /// - Throws: `HostError`.
    init(isDatagram: Bool = false, backlog: Int32? = 16) throws {
        let type = isDatagram ? SOCK_DGRAM : SOCK_STREAM
        let number = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        descriptor = OwnedDescriptor(adopting: number)
        let address = try requireValue(SocketAddress(literal: "127.0.0.1", port: 0))
        var bound = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe address.bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return false }
            return unsafe bind(number, base.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count)) == 0
        }
        guard isBound else { throw HostError(.system(errno), call: "bind") }
        _ = unsafe withUnsafeMutablePointer(to: &bound) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(number, $0, &length) }
        }
        port = UInt16(bigEndian: bound.sin_port)
        if !isDatagram, let backlog, listen(number, backlog) != 0 { throw HostError(.system(errno), call: "listen") }
    }

    var address: SocketAddress {
        get throws { try requireValue(SocketAddress(literal: "127.0.0.1", port: port)) }
    }

    /// Accepts one connection; the test must know that there is one.
    func accept() throws -> OwnedDescriptor {
        let number = Glibc.accept(descriptor.descriptor, nil, nil)
        guard number >= 0 else { throw HostError(.system(errno), call: "accept") }
        return OwnedDescriptor(adopting: number)
    }
}

private func requireValue<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw HostError(.invalid("a value is missing"), call: "test") }
    return value
}
