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

    /// Whether an address lies in the range.
    /// - Parameter address: An address of 4 or 16 bytes; the other family never lies in it.
    /// - Returns: True if the bits that count are equal.
    public func contains(_ address: [UInt8]) -> Bool {
        NetworkRange(bytes: address, prefixLength: min(prefixLength, address.count * 8)) == self
    }
}
