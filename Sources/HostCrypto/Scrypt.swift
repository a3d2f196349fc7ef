internal import COpenSSL
public import HostSystem

/// Making keys from passwords so that each guess is expensive: scrypt (RFC 7914).
public struct Scrypt: Sendable, Hashable {
    /// The cost in time and memory (N): a power of two.
    public let cost: UInt64
    /// The block size (r).
    public let blockSize: UInt64
    /// The parallelism (p).
    public let parallelism: UInt64

    /// About 64 MiB and a fraction of a second for each guess (OWASP's recommendation for interactive logins).
    public static let interactive = Scrypt(cost: 1 << 16, blockSize: 8, parallelism: 2)

    /// Chooses the cost.
    /// - Parameters:
    ///   - cost: N, a power of two greater than 1.
    ///   - blockSize: r.
    ///   - parallelism: p.
    public init(cost: UInt64, blockSize: UInt64 = 8, parallelism: UInt64 = 1) {
        precondition(cost > 1 && cost.nonzeroBitCount == 1, "scrypt's cost is a power of two")
        precondition((1...1024).contains(blockSize) && (1...1024).contains(parallelism), "scrypt's factors are small")
        (self.cost, self.blockSize, self.parallelism) = (cost, blockSize, parallelism)
    }

    /// Derives a key; takes as long as the cost says, so not on Swift's cooperative pool.
    /// - Parameters:
    ///   - password: The password.
    ///   - salt: At least 16 random bytes that are kept beside the key.
    ///   - length: How many bytes the key has.
    /// - Returns: The key.
    /// - Throws: ``CryptoError`` if there is not enough memory.
    public func key(from password: SecretBytes, salt: [UInt8], length: Int = 32) throws(CryptoError) -> SecretBytes {
        let memory = 128 * blockSize * (cost + parallelism + 2)
        var isDone = false
        let key = unsafe SecretBytes(capacity: length) { buffer in
            let output = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            isDone = unsafe password.withUnsafeBytes { bytes in
                let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                return unsafe EVP_PBE_scrypt(
                    start,
                    bytes.count,
                    salt,
                    salt.count,
                    cost,
                    blockSize,
                    parallelism,
                    memory,
                    output,
                    length
                ) == 1
            }
            return length
        }
        guard isDone else { throw CryptoError.last("derive a key with scrypt") }
        return key
    }
}
