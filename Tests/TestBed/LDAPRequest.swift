/// As much of an LDAP message as a badly behaving server needs to know (RFC 4511, section 4.1.1).
public struct LDAPRequest: Sendable {
    /// The kind of request.
    public enum Operation: UInt8, Sendable {
        /// Bind.
        case bind = 0x60
        /// Unbind.
        case unbind = 0x42
        /// Search.
        case search = 0x63
        /// Modify.
        case modify = 0x66
        /// Compare.
        case compare = 0x6e
        /// Abandon.
        case abandon = 0x50
        /// An extended operation: StartTLS, Password Modify, Who am I.
        case extended = 0x77
    }

    /// Which connection of the server it came on, counted from 1.
    public let connection: Int
    /// Its message id.
    public let id: Int
    /// What it asks for.
    public let operation: Operation
    /// The whole message.
    public let bytes: [UInt8]

    /// Understands a message once it is complete; bytes that are not LDAP (a TLS handshake) never are.
    init?(_ bytes: [UInt8], connection: Int) {
        guard bytes.first == 0x30, let (length, start) = Self.length(bytes, at: 1), bytes.count == start + length,
            bytes[start] == 0x02, let (idLength, idStart) = Self.length(bytes, at: start + 1),
            let operation = Operation(rawValue: bytes[idStart + idLength])
        else { return nil }
        self.connection = connection
        self.bytes = bytes
        self.operation = operation
        id = bytes[idStart..<(idStart + idLength)].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The response of the matching kind.
    ///
    /// - Parameters:
    ///   - code: The result code.
    ///   - text: The diagnostic message, at most 100 bytes.
    /// - Returns: The encoded message.
    public func response(code: UInt8, text: String = "") -> [UInt8] {
        let tag: UInt8 =
            switch operation {
            case .search: 0x65
            case .extended: 0x78
            case .bind, .unbind, .modify, .compare, .abandon: operation.rawValue + 1
            }
        let result: [UInt8] = [0x0a, 1, code, 0x04, 0] + Self.element(0x04, Array(text.utf8.prefix(100)))
        let number: [UInt8] = [0x02, 4] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: id >> ($0 * 8)) }
        return Self.element(0x30, number + Self.element(tag, result))
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        return [tag] + (count < 128 ? [UInt8(count)] : [0x81, UInt8(count)]) + content
    }

    /// Reads a BER length.
    ///
    /// - Returns: The length and where the content begins, or nil when bytes are missing.
    private static func length(_ bytes: [UInt8], at index: Int) -> (Int, Int)? {
        guard index < bytes.count else { return nil }
        if bytes[index] < 0x80 { return (Int(bytes[index]), index + 1) }
        let size = Int(bytes[index] & 0x7f)
        guard (1...4).contains(size), index + size < bytes.count else { return nil }
        return (bytes[(index + 1)...(index + size)].reduce(0) { $0 << 8 | Int($1) }, index + 1 + size)
    }
}
