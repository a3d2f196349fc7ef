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
}
