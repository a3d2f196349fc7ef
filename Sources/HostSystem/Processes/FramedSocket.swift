internal import Glibc
internal import Synchronization

/// Messages over a stream socket: each is its length as four bytes, most significant first, and then its bytes.
///
/// Made for a parent and a child with a `socketpair` between them, and secrets inside the messages: every buffer is
/// wiped. The `async` calls block no thread; those named `…Blocking` are for a child that has nothing else to do. One
/// message can be sent at a time; several tasks may receive, each gets whole messages.
public final class FramedSocket: Sendable {
    /// The most bytes that a message has unless the two sides have agreed otherwise.
    public static let frameLimit = 65536

    private let socket: OwnedDescriptor
    private let sendLimit: Int
    private let reader: Mutex<FrameReader>
    private let writer = Mutex(Writer())

    private struct Writer {
        var isSending = false
        var isBroken = false
    }

    /// Takes over a connected stream socket.
    /// - Parameters:
    ///   - socket: The socket; it is closed with this object.
    ///   - receiveLimit: The most bytes that a message from the other side may have; so much memory is taken for one as
    ///     soon as its length has arrived.
    ///   - sendLimit: The most bytes that a message to the other side may have.
    public init(adopting socket: OwnedDescriptor, receiveLimit: Int = frameLimit, sendLimit: Int = frameLimit) {
        self.socket = socket
        self.sendLimit = sendLimit
        reader = Mutex(FrameReader(limit: receiveLimit))
    }

    /// Makes two ends that are connected with each other.
    /// - Returns: An end for this process and a close-on-exec descriptor for a child.
    /// - Throws: ``HostError`` if there are no descriptors left.
    public static func pair() throws(HostError) -> (mine: FramedSocket, child: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try systemCall("socketpair") { unsafe socketpair(AF_UNIX, type, 0, &ends) }
        return (FramedSocket(adopting: OwnedDescriptor(adopting: ends[0])), OwnedDescriptor(adopting: ends[1]))
    }

    /// Ends the conversation: both sides then receive the end of the stream, also those who are waiting.
    ///
    /// The descriptor itself is closed with the object, so that its number cannot change hands under a task that waits.
    public func close() {
        _ = shutdown(socket.descriptor, Int32(SHUT_RDWR))
    }

    /// Sends one message.
    /// - Parameters:
    ///   - frame: The message, within the limit.
    ///   - deadline: When to give up.
    /// - Throws: ``HostError``: `.closed` if the other side has gone, `.timedOut`, `.cancelled`, `.tooLarge`. If part of
    ///   the message had left already, every later call throws `.closed`.
    public func send(_ frame: SecretBytes, deadline: ContinuousClock.Instant) async throws(HostError) {
        let buffer = try begin(frame)
        var sent = 0
        defer { end(isBroken: sent > 0 && sent < buffer.count) }
        while true {
            sent += try sendSome(buffer, from: sent)
            if sent == buffer.count { return }
            try await wait(.writing, deadline, "send")
        }
    }

    /// Receives one message.
    ///
    /// A message that has arrived only in part at the deadline is kept for the next call.
    /// - Parameter deadline: When to give up.
    /// - Returns: The message, or nil if the other side has closed between two messages.
    /// - Throws: ``HostError``: `.closed` if the stream ends inside a message, `.tooLarge` if one is announced that is
    ///   longer than the limit, `.timedOut`, `.cancelled`.
    public func receive(deadline: ContinuousClock.Instant) async throws(HostError) -> SecretBytes? {
        while true {
            switch try receiveSome() {
            case .frame(let frame): return frame
            case .end: return nil
            case .incomplete: try await wait(.reading, deadline, "recv")
            }
        }
    }

    /// Sends one message and blocks the thread meanwhile.
    /// - Parameters:
    ///   - frame: The message, within the limit.
    ///   - deadline: When to give up; nil waits until the other side reads or goes.
    /// - Throws: ``HostError`` as ``send(_:deadline:)`` does.
    public func sendBlocking(_ frame: SecretBytes, deadline: ContinuousClock.Instant? = nil) throws(HostError) {
        let buffer = try begin(frame)
        var sent = 0
        defer { end(isBroken: sent > 0 && sent < buffer.count) }
        while true {
            sent += try sendSome(buffer, from: sent)
            if sent == buffer.count { return }
            try waitBlocking(.writing, deadline, "send")
        }
    }

    /// Receives one message and blocks the thread meanwhile.
    /// - Parameter deadline: When to give up; nil waits until the other side sends or goes.
    /// - Returns: The message, or nil if the other side has closed between two messages.
    /// - Throws: ``HostError`` as ``receive(deadline:)`` does.
    public func receiveBlocking(deadline: ContinuousClock.Instant? = nil) throws(HostError) -> SecretBytes? {
        while true {
            switch try receiveSome() {
            case .frame(let frame): return frame
            case .end: return nil
            case .incomplete: try waitBlocking(.reading, deadline, "recv")
            }
        }
    }

    // MARK: - Sending

    private func begin(_ frame: SecretBytes) throws(HostError) -> WipedBuffer {
        guard frame.count <= sendLimit else { throw HostError(.tooLarge(limit: sendLimit), call: "send") }
        let isBroken = writer.withLock { writer in
            precondition(!writer.isSending, "one message can be sent at a time")
            writer.isSending = !writer.isBroken
            return writer.isBroken
        }
        guard !isBroken else { throw HostError(.closed, call: "send") }
        let buffer = WipedBuffer(count: frame.count + 4)
        unsafe buffer.rest(from: 0).storeBytes(of: UInt32(frame.count).bigEndian, as: UInt32.self)
        unsafe frame.withUnsafeBytes { unsafe buffer.rest(from: 4).copyMemory(from: $0) }
        return buffer
    }

    private func end(isBroken: Bool) {
        writer.withLock { $0 = Writer(isSending: false, isBroken: isBroken) }
    }

    /// Sends what the socket takes now, which may be nothing.
    private func sendSome(_ buffer: borrowing WipedBuffer, from start: Int) throws(HostError) -> Int {
        let rest = unsafe buffer.rest(from: start)
        do {
            return try systemCall("send") {
                unsafe Glibc.send(socket.descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
        } catch {
            if error.code == EAGAIN { return 0 }
            throw Self.translated(error)
        }
    }

    // MARK: - Receiving

    private func receiveSome() throws(HostError) -> FrameReader.Step {
        do {
            return try reader.withLock { (reader) throws(HostError) in try reader.advance(socket.descriptor) }
        } catch {
            throw Self.translated(error)
        }
    }

    /// A peer that has gone looks the same whether it had read everything or not.
    private static func translated(_ error: HostError) -> HostError {
        switch error.code {
        case EPIPE, ECONNRESET, ENOTCONN: HostError(.closed, call: error.call)
        default: error
        }
    }

    // MARK: - Waiting

    private func wait(
        _ direction: DescriptorReadiness.Direction,
        _ deadline: ContinuousClock.Instant,
        _ call: String
    ) async throws(HostError) {
        try await DescriptorReadiness.wait(for: socket.descriptor, direction, deadline: deadline, call: call)
    }

    private func waitBlocking(
        _ direction: DescriptorReadiness.Direction,
        _ deadline: ContinuousClock.Instant?,
        _ call: String
    ) throws(HostError) {
        try DescriptorReadiness.waitBlocking(for: socket.descriptor, direction, deadline: deadline, call: call)
    }
}
