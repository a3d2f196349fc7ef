internal import HostCrypto

/// The SHA-256 of a session token: all that memory, stores and logs ever keep of it.
///
/// A token has 256 bits of chance, so its plain hash cannot be turned back and needs neither salt nor key.
public struct SessionTokenHash: Sendable, Hashable {
    /// How many bytes a hash has.
    public static let byteCount = 32

    private let digest: SHA256Digest

    /// Eight of the bytes: enough to tell nearly all hashes apart, never enough to take two for one.
    var prefix: UInt64 { digest.prefix }

    init(_ digest: SHA256Digest) {
        self.digest = digest
    }

    /// Takes a hash that a store kept.
    /// - Parameter bytes: Exactly `byteCount` bytes; anything else gives nil.
    public init?(bytes: some Collection<UInt8>) {
        guard let digest = SHA256Digest(bytes: bytes) else { return nil }
        self.digest = digest
    }

    /// Computes the hash of a token's text, if the text can be a token, without keeping the token anywhere.
    /// - Parameter text: The text as it came in a cookie or a file.
    init?(ofTokenText text: String) {
        guard text.utf8.count == SessionToken.textLength else { return nil }
        guard let digest = SHA256Digest(ofBase64URL: text, byteCount: SessionToken.byteCount) else { return nil }
        self.digest = digest
    }

    /// The hash under which a token is known to one audience alone.
    ///
    /// The audience stands behind a hash of fixed length, so no other pair gives the same bytes.
    func bound(to audience: String) -> SessionTokenHash {
        SessionTokenHash(SHA256Digest(of: Array("ent-login child ".utf8) + bytes + Array(audience.utf8)))
    }

    /// The hash as bytes, for a store.
    public var bytes: [UInt8] { digest.bytes }
}

extension SessionTokenHash: CustomStringConvertible {
    /// The hash in hexadecimal digits.
    public var description: String { digest.description }
}
