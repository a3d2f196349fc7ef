import Foundation
import Glibc
import HostSystem

/// A name server on loopback that answers every question for IPv4 addresses as it is told, from a thread of its own.
final class NameServer: Sendable {
    private let socket: LoopbackSocket

    /// What it answers.
    enum Behaviour: Sendable {
        /// This IPv4 address.
        case address([UInt8])
        /// Name error (RFC 1035 section 4.1.1: RCODE 3).
        case unknownName
        /// Server failure (RCODE 2).
        case failure
        /// Nothing at all.
        case silence
    }

    init(_ behaviour: Behaviour) throws {
        socket = try LoopbackSocket(isDatagram: true)
        if case .silence = behaviour { return }
        Thread.detachNewThread { [socket] in Self.serve(socket, behaviour) }
    }

    deinit {
        // Ends the thread's recvfrom, for good. The thread holds the socket until then: on a closed one it would go on
        // with whoever gets the number next, take their datagrams and the error that their connect is about to read.
        shutdown(socket.descriptor.descriptor, Int32(SHUT_RDWR))
    }

    var server: String { "127.0.0.1:\(socket.port)" }
    var port: UInt16 { socket.port }

    /// How many questions wait unread; for a silent server.
    func takeQuestion() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 512)
        return unsafe recv(socket.descriptor.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0
    }

    private static func serve(_ socket: LoopbackSocket, _ behaviour: Behaviour) {
        let descriptor = socket.descriptor.descriptor
        var buffer = [UInt8](repeating: 0, count: 512)
        var count = 1
        while count > 0 {
            var peer = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            unsafe withUnsafeMutablePointer(to: &peer) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                    count = unsafe recvfrom(descriptor, &buffer, buffer.count, 0, peer, &length)
                    guard count > 0 else { return }
                    let reply = answer(Array(buffer[..<count]), behaviour)
                    _ = unsafe sendto(descriptor, reply, reply.count, 0, peer, length)
                }
            }
        }
    }

    /// A reply to one question (RFC 1035 section 4.1).
    private static func answer(_ question: [UInt8], _ behaviour: Behaviour) -> [UInt8] {
        var end = 12
        while end < question.count, question[end] != 0 { end += Int(question[end]) + 1 }
        let type = question[end + 2]
        var reply = Array(question[..<(end + 5)])
        reply[2] = 0x81
        reply[3] = 0x80
        reply.replaceSubrange(4..<12, with: [0, 1, 0, 0, 0, 0, 0, 0])
        switch behaviour {
        case .address(let address) where type == 1:
            reply[7] = 1
            reply += [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4] + address
        case .address, .silence: break
        case .unknownName: reply[3] = 0x83
        case .failure: reply[3] = 0x82
        }
        return reply
    }
}
