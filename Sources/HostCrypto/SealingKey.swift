internal import COpenSSL
public import HostSystem

/// A key that seals content so that only its holders can read it or change it unnoticed: AES-256-GCM (NIST SP 800-38D).
///
/// Each box has a random nonce of its own; one key is good for 2³² boxes (SP 800-38D section 8.3). A box is a format
/// number (1), 12 bytes of nonce, the encrypted content and 16 bytes of tag. It says how long its content is.
public struct SealingKey: Sendable {
    private static let format: UInt8 = 1
    private static let nonceLength = 12
    private static let tagLength = 16
    private static let overhead = 1 + nonceLength + tagLength

    private let key: SecretBytes

    /// Takes a key.
    /// - Parameter key: 32 random bytes.
    public init(_ key: SecretBytes) {
        precondition(key.count == 32, "a key for AES-256-GCM has 32 bytes")
        self.key = key
    }

    /// Seals content.
    /// - Parameters:
    ///   - content: What to protect.
    ///   - purpose: What it is for and whose it is; only a box opened with the same words opens. It is not in the box.
    /// - Returns: The box.
    public func seal(_ content: SecretBytes, purpose: String) -> [UInt8] {
        let nonce = RandomBytes.bytes(Self.nonceLength)
        var sealed = [UInt8](repeating: 0, count: content.count)
        var tag = [UInt8](repeating: 0, count: Self.tagLength)
        let isDone = unsafe withCipher(isSealing: true, nonce: nonce, purpose: purpose) { context in
            var length: Int32 = 0
            let isEncrypted = unsafe content.withUnsafeBytes { bytes in
                let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return unsafe EVP_EncryptUpdate(context, &sealed, &length, start, Int32(bytes.count)) == 1
            }
            // GCM encrypts byte by byte: nothing is left for the end but the tag.
            var rest = [UInt8](repeating: 0, count: 16)
            guard isEncrypted, length == sealed.count, unsafe EVP_EncryptFinal_ex(context, &rest, &length) == 1 else {
                return false
            }
            return unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
        }
        precondition(isDone, "libcrypto cannot encrypt with AES-256-GCM")
        return [Self.format] + nonce + sealed + tag
    }

    /// Opens a box.
    /// - Parameters:
    ///   - box: What ``seal(_:purpose:)`` returned.
    ///   - purpose: The same words as then.
    /// - Returns: The content.
    /// - Throws: ``CryptoError``: `.notAuthentic` if a single bit is different, the key or the purpose another;
    ///   `.malformed` if it is no box at all.
    public func open(_ box: [UInt8], purpose: String) throws(CryptoError) -> SecretBytes {
        let operation = "open a sealed box"
        guard box.count >= Self.overhead, box[0] == Self.format, box.count <= Int(Int32.max) else {
            throw CryptoError(.malformed("it is not a box of format \(Self.format)"), operation: operation)
        }
        let nonce = Array(box[1...Self.nonceLength])
        let sealed = Array(box[(1 + Self.nonceLength)..<(box.count - Self.tagLength)])
        var tag = Array(box.suffix(Self.tagLength))
        var isAuthentic = false
        // Nothing leaves this function before the tag has been checked.
        let content = unsafe SecretBytes(capacity: sealed.count) { buffer in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            isAuthentic = unsafe withCipher(isSealing: false, nonce: nonce, purpose: purpose) { context in
                var length: Int32 = 0
                var rest = [UInt8](repeating: 0, count: 16)
                guard unsafe EVP_DecryptUpdate(context, start, &length, sealed, Int32(sealed.count)) == 1,
                    length == sealed.count,
                    unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
                else { return false }
                return unsafe EVP_DecryptFinal_ex(context, &rest, &length) == 1
            }
            return sealed.count
        }
        guard isAuthentic else {
            ERR_clear_error()
            throw CryptoError(.notAuthentic, operation: operation)
        }
        return content
    }

    /// Runs `body` with a context that knows key, nonce and purpose.
    private func withCipher(
        isSealing: Bool,
        nonce: [UInt8],
        purpose: String,
        _ body: (OpaquePointer) -> Bool
    ) -> Bool {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory") }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let isReady = unsafe key.withUnsafeBytes { bytes in
            let key = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return unsafe EVP_CipherInit_ex2(context, Algorithm.aes256GCM, key, nonce, isSealing ? 1 : 0, nil) == 1
        }
        let associated = Array(purpose.utf8)
        var length: Int32 = 0
        guard isReady, unsafe EVP_CipherUpdate(context, nil, &length, associated, Int32(associated.count)) == 1 else {
            return false
        }
        return unsafe body(context)
    }
}
