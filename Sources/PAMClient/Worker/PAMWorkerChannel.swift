internal import Glibc
package import HostSystem

/// The worker's end of the socket: whole frames, blocking, each with its length in four bytes before it.
package struct PAMWorkerChannel: Sendable {
    /// The longest frame: 64 texts and 32 prompts of 2 kB are the most that ever has to be said.
    package static let maximumFrameBytes = 256 * 1024

    /// The socket, which somebody else closes.
    package let descriptor: Int32

    /// Speaks over a connected stream socket.
    /// - Parameter descriptor: The socket, in blocking mode.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Waits for the next frame.
    /// - Returns: The frame, or nil if the other end is gone or speaks something else.
    package func receive() -> SecretBytes? {
        guard let header = readExactly(4) else { return nil }
        let length = unsafe header.withUnsafeBytes { bytes in
            unsafe bytes.reduce(0) { $0 << 8 | Int($1) }
        }
        guard (1...Self.maximumFrameBytes).contains(length) else { return nil }
        return readExactly(length)
    }

    /// Sends a frame.
    /// - Parameter frame: The frame.
    /// - Returns: False if the other end is gone.
    package func send(_ frame: SecretBytes) -> Bool {
        precondition(frame.count <= Self.maximumFrameBytes, "a message has no more than its bounded parts")
        let length = UInt32(frame.count)
        let header = SecretBytes([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) })
        return writeAll(header) && writeAll(frame)
    }

    private func writeAll(_ bytes: SecretBytes) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                // MSG_NOSIGNAL: a vanished owner is no reason to die by signal in a process of others.
                let count = unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    private func readExactly(_ count: Int) -> SecretBytes? {
        let secret = unsafe SecretBytes(capacity: count) { buffer in
            var received = 0
            while received < buffer.count {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[received...])
                let more = unsafe recv(descriptor, rest.baseAddress, rest.count, 0)
                if more < 0, errno == EINTR { continue }
                guard more > 0 else { return 0 }
                received += more
            }
            return received
        }
        return secret.isEmpty ? nil : secret
    }
}
