internal import HostCrypto

/// Names a session for its whole life, for lists, logs and `sessions end`.
///
/// 128 random bits that have nothing to do with the token: who knows the id cannot use the session. It stays the same
/// when the token is replaced.
public struct SessionID: Sendable, Hashable, Comparable {
    /// How many bytes an id has.
    public static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

    /// Makes an id that has never been.
    init() {
        let bytes = RandomBytes.bytes(Self.byteCount)
        high = Self.word(bytes.prefix(8))
        low = Self.word(bytes.suffix(8))
    }

    /// Takes an id that a store kept.
    /// - Parameter bytes: Exactly `byteCount` bytes; anything else gives nil.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = Self.word(bytes.prefix(8))
        low = Self.word(bytes.suffix(8))
    }

    private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads the text that `description` writes.
    /// - Parameter text: 32 lower-case hexadecimal digits; anything else gives nil.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 2 * Self.byteCount else { return nil }
        var halves: [UInt64] = [0, 0]
        for (index, character) in text.utf8.enumerated() {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            halves[index / 16] = halves[index / 16] << 4 | UInt64(digit)
        }
        (high, low) = (halves[0], halves[1])
    }

    /// The id as bytes, for a store; they sort as the ids do.
    public var bytes: [UInt8] {
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }

    /// Orders ids as their bytes sort, so that stores can give out pages.
    /// - Parameters:
    ///   - lhs: One id.
    ///   - rhs: The other.
    /// - Returns: True if `lhs` comes first.
    public static func < (lhs: SessionID, rhs: SessionID) -> Bool {
        (lhs.high, lhs.low) < (rhs.high, rhs.low)
    }
}

extension SessionID: CustomStringConvertible {
    /// The id as 32 lower-case hexadecimal digits.
    public var description: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
