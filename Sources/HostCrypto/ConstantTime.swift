internal import COpenSSL

/// Comparing secrets in a time that tells nothing about where they differ.
public enum ConstantTime {
    /// Whether two byte sequences are equal.
    /// - Parameters:
    ///   - first: One.
    ///   - second: The other.
    /// - Returns: True if they are. The time depends on the lengths only (CRYPTO_memcmp(3)).
    public static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        return unsafe CRYPTO_memcmp(first, second, first.count) == 0
    }

    /// Whether two digests are equal.
    /// - Parameters:
    ///   - first: One.
    ///   - second: The other.
    /// - Returns: True if they are.
    public static func areEqual(_ first: SHA256Digest, _ second: SHA256Digest) -> Bool {
        areEqual(first.bytes, second.bytes)
    }
}
