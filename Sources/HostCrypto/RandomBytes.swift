internal import COpenSSL
public import HostSystem

/// Random numbers that nobody can guess, from libcrypto's generator for secrets (RAND_priv_bytes(3)).
///
/// If the generator fails the process ends: there is no second-best source to fall back to.
public enum RandomBytes {
    /// Random bytes for something public, such as an identifier or a salt.
    /// - Parameter count: How many.
    /// - Returns: New bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
            initialized = count
        }
    }

    /// Random bytes for a token or a key.
    /// - Parameter count: How many.
    /// - Returns: A new secret.
    public static func secret(_ count: Int) -> SecretBytes {
        unsafe SecretBytes(capacity: count) { buffer in
            unsafe fill(buffer)
            return count
        }
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard buffer.count > 0 else { return }
        let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let code = unsafe RAND_priv_bytes(start, Int32(buffer.count))
        precondition(code == 1, "libcrypto has no random numbers")
    }
}
