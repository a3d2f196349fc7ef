internal import COpenSSL
public import HostSystem

/// A key for message authentication codes with HMAC-SHA-256 (RFC 2104, FIPS 198-1).
@safe
public final class HMACKey: Sendable {
    // Sound as `nonisolated(unsafe)`: set up in `init`, afterwards only duplicated (which reads) until `deinit`.
    private nonisolated(unsafe) let template: OpaquePointer

    /// Prepares a key.
    /// - Parameter key: At least 16 bytes; 32 random ones are best (RFC 2104 section 3).
    public init(_ key: SecretBytes) {
        precondition(key.count >= 16, "a key for HMAC-SHA-256 has at least 16 bytes")
        guard let context = unsafe EVP_MAC_CTX_new(Algorithm.hmac) else { fatalError("out of memory") }
        unsafe template = context
        // Both texts must outlive the call: the parameters keep pointers to them (OSSL_PARAM(3)).
        let name = Array(OSSL_MAC_PARAM_DIGEST.utf8CString)
        var digest = Array("SHA2-256".utf8CString)
        let code = unsafe name.withUnsafeBufferPointer { name in
            unsafe digest.withUnsafeMutableBufferPointer { digest in
                let parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string(name.baseAddress, digest.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                return unsafe key.withUnsafeBytes { bytes in
                    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    return unsafe EVP_MAC_init(context, start, bytes.count, parameters)
                }
            }
        }
        precondition(code == 1, "libcrypto cannot compute HMAC-SHA-256")
    }

    deinit {
        unsafe EVP_MAC_CTX_free(template)
    }

    /// The code of a message.
    /// - Parameter message: Any bytes.
    /// - Returns: 32 bytes that only holders of the key can compute.
    public func code(for message: [UInt8]) -> SHA256Digest {
        unsafe code { context in unsafe EVP_MAC_update(context, message, message.count) == 1 }
    }

    /// The code of a message whose second part is a secret, of which no copy is made.
    /// - Parameters:
    ///   - message: The first part; where it ends must be clear from itself.
    ///   - secret: The second part.
    /// - Returns: 32 bytes that only holders of the key can compute.
    public func code(for message: [UInt8], followedBy secret: SecretBytes) -> SHA256Digest {
        unsafe code { context in
            let isFirst = unsafe EVP_MAC_update(context, message, message.count) == 1
            return unsafe isFirst
                && secret.withUnsafeBytes { bytes in
                    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    return unsafe EVP_MAC_update(context, start, bytes.count) == 1
                }
        }
    }

    private func code(_ update: (OpaquePointer) -> Bool) -> SHA256Digest {
        guard let context = unsafe EVP_MAC_CTX_dup(template) else { fatalError("out of memory") }
        defer { unsafe EVP_MAC_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: 32)
        var length = 0
        var isDone = unsafe update(context)
        if isDone { isDone = unsafe EVP_MAC_final(context, &output, &length, output.count) == 1 }
        guard isDone, length == 32, let code = SHA256Digest(bytes: output) else {
            fatalError("libcrypto cannot compute HMAC-SHA-256")
        }
        return code
    }

    /// The code of a message where it is to be a secret itself: a key or a token made of another one.
    /// - Parameter message: Any bytes.
    /// - Returns: 32 bytes that only holders of the key can compute.
    public func secret(for message: [UInt8]) -> SecretBytes {
        guard let context = unsafe EVP_MAC_CTX_dup(template) else { fatalError("out of memory") }
        defer { unsafe EVP_MAC_CTX_free(context) }
        return unsafe SecretBytes(capacity: 32) { output in
            var length = 0
            let start = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            var isDone = unsafe EVP_MAC_update(context, message, message.count) == 1
            if isDone { isDone = unsafe EVP_MAC_final(context, start, &length, output.count) == 1 }
            precondition(isDone && length == 32, "libcrypto cannot compute HMAC-SHA-256")
            return length
        }
    }

    /// Whether a code belongs to a message, in constant time.
    /// - Parameters:
    ///   - code: What came with the message.
    ///   - message: The message.
    /// - Returns: True if a holder of the key made the code for exactly this message.
    public func isValid(_ code: [UInt8], for message: [UInt8]) -> Bool {
        ConstantTime.areEqual(code, self.code(for: message).bytes)
    }
}
