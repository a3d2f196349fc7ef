internal import HostSystem

/// The part of an address that a person keeps: the whole of an IPv4 address, the first 64 bits of an IPv6 address.
enum NetworkPrefix {
    /// Whether two address literals are of the same machine or the same IPv6 network.
    static func isSame(_ lhs: String?, _ rhs: String?) -> Bool {
        if lhs == rhs { return true }
        guard let lhs = lhs.flatMap(prefix), let rhs = rhs.flatMap(prefix) else { return false }
        return lhs == rhs
    }

    /// A text that stands for the network of an address; what is no address stands for itself.
    static func key(of address: String?) -> String {
        guard let address else { return "unknown addresses" }
        guard let prefix = prefix(of: address),
            let range = NetworkRange(bytes: padded(prefix), prefixLength: prefix.count * 8)
        else { return String(address.prefix(64)) }
        return range.description
    }

    private static func padded(_ prefix: [UInt8]) -> [UInt8] {
        prefix.count == 4 ? prefix : prefix + Array(repeating: 0, count: 16 - prefix.count)
    }

    private static func prefix(of literal: String) -> [UInt8]? {
        guard let address = SocketAddress(literal: literal, port: 0) else { return nil }
        switch address.family {
        case .ipv4: return Array(address.bytes[4..<8])
        case .ipv6:
            return Array(NetworkRange.withoutCoat(Array(address.bytes[8..<24])).prefix(8))
        case .unix: return nil
        }
    }
}
