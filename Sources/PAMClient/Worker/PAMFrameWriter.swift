internal import HostSystem

/// Puts the fields of one message together, and lays them out only once, in memory that is wiped.
///
/// Numbers are big-endian, texts and secrets carry their length in four bytes before them.
struct PAMFrameWriter {
    /// The first byte of every frame; a worker and its owner of different builds refuse one another.
    static let version: UInt8 = 1

    private enum Field {
        case bytes([UInt8])
        case secret(SecretBytes)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .secret(let secret): secret.count
            }
        }
    }

    private var fields: [Field]

    private init(kind: UInt8) {
        fields = [.bytes([Self.version, kind])]
    }

    mutating func write(_ byte: UInt8) {
        fields.append(.bytes([byte]))
    }

    mutating func write(_ flag: Bool) {
        write(flag ? 1 : 0 as UInt8)
    }

    mutating func write(_ number: UInt32) {
        fields.append(.bytes([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }))
    }

    mutating func write(_ number: Int32) {
        write(UInt32(bitPattern: number))
    }

    mutating func write(_ text: String) {
        let bytes = Array(text.utf8)
        write(UInt32(bytes.count))
        fields.append(.bytes(bytes))
    }

    mutating func write(_ secret: SecretBytes) {
        write(UInt32(secret.count))
        fields.append(.secret(secret))
    }

    /// Writes whether there is a value, and then the value.
    mutating func write<Value>(optional value: Value?, _ body: (inout Self, Value) -> Void) {
        write(value != nil)
        if let value { body(&self, value) }
    }

    /// Writes how many there are, and then each.
    mutating func write<Value>(list: [Value], _ body: (inout Self, Value) -> Void) {
        write(UInt32(list.count))
        for value in list { body(&self, value) }
    }

    /// Puts a whole frame together.
    /// - Parameters:
    ///   - kind: What kind of message it is.
    ///   - body: Writes the fields.
    /// - Returns: The frame.
    static func frame(_ kind: UInt8, _ body: (inout PAMFrameWriter) -> Void) -> SecretBytes {
        var writer = PAMFrameWriter(kind: kind)
        body(&writer)
        return writer.frame()
    }

    private func frame() -> SecretBytes {
        let total = fields.reduce(0) { $0 + $1.count }
        return unsafe SecretBytes(capacity: total) { buffer in
            var position = 0
            for field in fields {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position...])
                switch field {
                case .bytes(let bytes): unsafe rest.copyBytes(from: bytes)
                case .secret(let secret): unsafe secret.withUnsafeBytes { unsafe rest.copyMemory(from: $0) }
                }
                position += field.count
            }
            return total
        }
    }
}
