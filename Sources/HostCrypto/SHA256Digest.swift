internal import COpenSSL
public import HostSystem

/// A SHA-256 digest (FIPS 180-4), small enough to be a dictionary key without an allocation.
///
/// Comparing two digests is not constant-time. That is right for digests of random tokens, whose preimages nobody can
/// steer; use ``ConstantTime`` where a digest itself is the secret.
public struct SHA256Digest: Sendable, Hashable {
    // The digest's bytes in order, whatever the host's byte order.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The digest of some bytes.
    /// - Parameter bytes: Any number of bytes.
    public init(of bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBytes { unsafe SHA256Digest(ofRaw: $0) }
    }

    /// The digest of some bytes.
    /// - Parameter bytes: Any number of bytes.
    public init(of bytes: [UInt8]) {
        self = unsafe bytes.withUnsafeBytes { unsafe SHA256Digest(ofRaw: $0) }
    }

    /// The digest of a secret.
    /// - Parameter secret: Any number of bytes.
    public init(of secret: SecretBytes) {
        self = unsafe secret.withUnsafeBytes { unsafe SHA256Digest(ofRaw: $0) }
    }

    /// The digest of a text's UTF-8 bytes.
    /// - Parameter text: Any text.
    public init(of text: String) {
        var text = text
        self = text.withUTF8 { unsafe SHA256Digest(ofRaw: UnsafeRawBufferPointer($0)) }
    }

    /// The digest of the bytes that a base64url text stands for, without storing them anywhere.
    /// - Parameters:
    ///   - text: Strict base64url, as ``Base64URL`` reads it.
    ///   - byteCount: How many bytes it must stand for, at most 1024; otherwise there is no digest.
    public init?(ofBase64URL text: String, byteCount: Int) {
        precondition((1...1024).contains(byteCount), "meant for tokens")
        var text = text
        let digest: SHA256Digest? = text.withUTF8 { characters in
            unsafe withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { buffer in
                defer { unsafe OPENSSL_cleanse(buffer.baseAddress, byteCount) }
                guard unsafe Base64URL.decode(characters, into: buffer) else { return nil }
                return unsafe SHA256Digest(ofRaw: UnsafeRawBufferPointer(buffer))
            }
        }
        guard let digest else { return nil }
        self = digest
    }

    /// A digest that was kept somewhere.
    /// - Parameter bytes: The 32 bytes of the digest; with any other number there is no digest.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.copyBytes(from: bytes) }
    }

    /// Eight of the bytes as a number: evenly spread, for tables that need only that.
    public var prefix: UInt64 { words.0 }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        unsafe Swift.withUnsafeBytes(of: words) { unsafe Array($0) }
    }

    init(ofRaw bytes: UnsafeRawBufferPointer) {
        unsafe withUnsafeMutableBytes(of: &words) { output in
            let code = unsafe EVP_Digest(
                bytes.baseAddress,
                bytes.count,
                output.baseAddress?.assumingMemoryBound(to: UInt8.self),
                nil,
                Algorithm.sha256,
                nil
            )
            // It has no reason to fail but a libcrypto that cannot work at all; a wrong digest must never come out.
            precondition(code == 1, "libcrypto cannot compute SHA-256")
        }
    }

    /// Whether both hold the same bytes.
    /// - Parameters:
    ///   - lhs: One digest.
    ///   - rhs: The other.
    /// - Returns: True if all 32 bytes are equal.
    public static func == (lhs: SHA256Digest, rhs: SHA256Digest) -> Bool {
        lhs.words.0 == rhs.words.0 && lhs.words.1 == rhs.words.1 && lhs.words.2 == rhs.words.2
            && lhs.words.3 == rhs.words.3
    }

    /// Feeds the first eight bytes to a hasher: a digest's bytes are evenly spread already.
    /// - Parameter hasher: The hasher of a set or a dictionary.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The digest in 64 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(bytes) }
}
