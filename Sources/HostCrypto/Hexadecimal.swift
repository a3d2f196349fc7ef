/// Bytes as hexadecimal text.
public enum Hexadecimal {
    /// Writes bytes as lower-case digits, two for each.
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - separator: What to put between two bytes, such as `:` for a fingerprint.
    /// - Returns: The text.
    public static func text(_ bytes: some Collection<UInt8>, separator: String = "") -> String {
        let digits = Array("0123456789abcdef".utf8)
        let pairs = bytes.lazy.map { byte in
            String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
        }
        return pairs.joined(separator: separator)
    }

    /// The value of a digit, whatever its case.
    /// - Parameter digit: The character.
    /// - Returns: 0 to 15, or nil for what is no digit.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
