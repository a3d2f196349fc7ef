internal import Glibc

/// Puts messages together from what has arrived on a stream so far (the format is ``FramedSocket``'s).
struct FrameReader: ~Copyable {
    /// What reading has led to.
    enum Step {
        /// A whole message.
        case frame(SecretBytes)
        /// The stream has ended between two messages.
        case end
        /// More must arrive first.
        case incomplete
    }

    private let limit: Int
    private var header = WipedBuffer(count: 4)
    private var headerCount = 0
    private var body: WipedBuffer?
    private var bodyCount = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Reads what is there, without waiting, up to the end of one message.
    /// - Parameter descriptor: A stream socket.
    /// - Returns: What it led to.
    /// - Throws: ``HostError``: `.closed` for an end inside a message, `.tooLarge`, or what recv(2) says.
    mutating func advance(_ descriptor: Int32) throws(HostError) -> Step {
        while headerCount < 4 {
            guard let count = try Self.receive(descriptor, into: header, from: headerCount) else { return .incomplete }
            if count == 0 {
                guard headerCount == 0 else { throw HostError(.closed, call: "recv") }
                return .end
            }
            headerCount += count
        }
        let length = unsafe Int(UInt32(bigEndian: header.rest(from: 0).loadUnaligned(as: UInt32.self)))
        guard length <= limit else { throw HostError(.tooLarge(limit: limit), call: "recv") }
        let body = self.body.take() ?? WipedBuffer(count: length)
        while bodyCount < length {
            guard let count = try Self.receive(descriptor, into: body, from: bodyCount) else {
                self.body = consume body
                return .incomplete
            }
            guard count > 0 else { throw HostError(.closed, call: "recv") }
            bodyCount += count
        }
        headerCount = 0
        bodyCount = 0
        return .frame(body.secret())
    }

    /// Reads once; nil if nothing is there now, 0 at the end of the stream.
    private static func receive(
        _ descriptor: Int32,
        into buffer: borrowing WipedBuffer,
        from start: Int
    ) throws(HostError) -> Int? {
        let rest = unsafe buffer.rest(from: start)
        do {
            return try systemCall("recv") {
                unsafe recv(descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT))
            }
        } catch {
            if error.code == EAGAIN { return nil }
            throw error
        }
    }
}
