internal import HostSystem

/// A range of IP addresses: an address and how many of its first bits count.
public struct NetworkRange: Sendable, Hashable {
    /// The address, 4 or 16 bytes, the bits that do not count being zero.
    public let bytes: [UInt8]
    /// How many bits count.
    public let prefixLength: Int

    /// Makes a range of its parts.
    /// - Parameters:
    ///   - bytes: An address of 4 or 16 bytes.
    ///   - prefixLength: How many bits count.
    public init?(bytes: [UInt8], prefixLength: Int) {
        guard bytes.count == 4 || bytes.count == 16, (0...bytes.count * 8).contains(prefixLength) else { return nil }
        self.bytes = bytes.enumerated().map { index, byte in
            let bits = min(max(prefixLength - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xff00 >> bits)
        }
        self.prefixLength = prefixLength
    }

    /// The same range, as IPv4 if it is one of IPv4 addresses in an IPv6 coat (`::ffff:10.0.0.0/104`; RFC 4291, section
    /// 2.5.5.2): one network should compare alike however it is written.
    package var withoutCoat: NetworkRange {
        let inner = Self.withoutCoat(bytes)
        guard inner.count < bytes.count, prefixLength >= 96 else { return self }
        return NetworkRange(bytes: inner, prefixLength: prefixLength - 96) ?? self
    }

    /// The bytes of an address, as IPv4 if it is an IPv4 address in an IPv6 coat.
    static func withoutCoat(_ address: [UInt8]) -> [UInt8] {
        let coat: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        return address.count == 16 && address.starts(with: coat) ? Array(address.suffix(4)) : address
    }

    /// Whether an address lies in the range.
    /// - Parameter address: An address of 4 or 16 bytes; the other family never lies in it.
    /// - Returns: True if the bits that count are equal.
    public func contains(_ address: [UInt8]) -> Bool {
        guard address.count == bytes.count else { return false }
        let (whole, rest) = (prefixLength / 8, prefixLength % 8)
        guard address[..<whole] == bytes[..<whole] else { return false }
        return rest == 0 || (address[whole] ^ bytes[whole]) >> (8 - rest) == 0
    }
}

extension NetworkRange: CustomStringConvertible {
    /// `address/bits`.
    public var description: String {
        "\(address)/\(prefixLength)"
    }

    /// Reads an address, or an address and how many bits of it count.
    ///
    /// Bits behind those must be zero: `10.1.0.0/8` is more likely a mistake than a way to write `10.0.0.0/8`.
    /// - Parameter text: `10.0.0.0/8`, `2001:db8::/32`, `127.0.0.1` and the like.
    public init?(parsing text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let literal = parts.first, let bytes = NetworkRange.bytes(ofLiteral: String(literal)) else { return nil }
        var length = bytes.count * 8
        if parts.count == 2 {
            guard (1...3).contains(parts[1].count), let number = Int(parts[1]), parts[1].allSatisfy(\.isWholeNumber)
            else {
                return nil
            }
            length = number
        }
        self.init(bytes: bytes, prefixLength: length)
        guard self.bytes == bytes else { return nil }
    }

    private var address: String {
        guard bytes.count == 16 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        let text = groups.joined(separator: ":")
        // The system knows the short form (RFC 5952).
        return SocketAddress(literal: text, port: 1)?.host ?? text
    }

    // The address lies behind family and port, and behind the flow label too in IPv6 (ip(7), ipv6(7)).
    private static func bytes(ofLiteral literal: String) -> [UInt8]? {
        guard let address = SocketAddress(literal: literal, port: 1) else { return nil }
        switch address.family {
        case .ipv4: return Array(address.bytes[4..<8])
        case .ipv6: return Array(address.bytes[8..<24])
        default: return nil
        }
    }
}
