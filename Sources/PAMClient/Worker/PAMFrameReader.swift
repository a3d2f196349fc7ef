internal import HostSystem

/// Takes the fields of one message apart, and believes nothing: not a length, not a count, not a text.
struct PAMFrameReader: ~Copyable {
    /// The bytes were not a message of ours.
    struct Malformed: Error, Hashable {}

    /// The longest list; a call of libpam's has at most 32 prompts, a transaction keeps fewer texts.
    static let maximumCount = 32

    /// What kind of message this is.
    private(set) var kind: UInt8 = 0

    private let frame: SecretBytes
    private var position = 0

    init(_ frame: SecretBytes) throws(Malformed) {
        self.frame = frame
        guard try byte() == PAMFrameWriter.version else { throw Malformed() }
        kind = try byte()
    }

    /// Reads a whole frame.
    /// - Parameters:
    ///   - frame: The frame as it was received.
    ///   - body: Makes a message of the fields behind the kind, all of them.
    /// - Returns: The message.
    /// - Throws: ``PAMWorkerProtocolError`` if it is none of this version, or not what `body` reads.
    static func message<Message>(
        in frame: SecretBytes,
        _ body: (inout PAMFrameReader) throws(Malformed) -> Message
    ) throws(PAMWorkerProtocolError) -> Message {
        do throws(Malformed) {
            var reader = try PAMFrameReader(frame)
            let message = try body(&reader)
            try reader.finish()
            return message
        } catch {
            throw PAMWorkerProtocolError()
        }
    }

    mutating func byte() throws(Malformed) -> UInt8 {
        let start = try advance(1)
        return unsafe frame.withUnsafeBytes { bytes in unsafe bytes[start] }
    }

    mutating func flag() throws(Malformed) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw Malformed()
        }
    }

    mutating func number() throws(Malformed) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 { number = number << 8 | UInt32(try byte()) }
        return number
    }

    mutating func signed() throws(Malformed) -> Int32 {
        Int32(bitPattern: try number())
    }

    mutating func text() throws(Malformed) -> String {
        let count = Int(try number())
        let start = try advance(count)
        let text = unsafe frame.withUnsafeBytes { bytes in
            unsafe String(validating: bytes[start..<start + count], as: UTF8.self)
        }
        guard let text else { throw Malformed() }
        return text
    }

    mutating func secret() throws(Malformed) -> SecretBytes {
        let count = Int(try number())
        let start = try advance(count)
        return unsafe frame.withUnsafeBytes { bytes in unsafe SecretBytes(bytes[start..<start + count]) }
    }

    mutating func optional<Value>(
        _ body: (inout Self) throws(Malformed) -> Value
    ) throws(Malformed) -> Value? {
        try flag() ? try body(&self) : nil
    }

    mutating func list<Value>(
        _ body: (inout Self) throws(Malformed) -> Value
    ) throws(Malformed) -> [Value] {
        let count = Int(try number())
        guard count <= Self.maximumCount else { throw Malformed() }
        var values: [Value] = []
        for _ in 0..<count { values.append(try body(&self)) }
        return values
    }

    /// Refuses what is longer than its fields.
    consuming func finish() throws(Malformed) {
        guard position == frame.count else { throw Malformed() }
    }

    private mutating func advance(_ count: Int) throws(Malformed) -> Int {
        guard count <= frame.count - position else { throw Malformed() }
        defer { position += count }
        return position
    }
}
