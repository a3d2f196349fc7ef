internal import COpenSSL

/// libcrypto's algorithm objects, fetched once: looking one up by name costs several times what a short digest costs.
enum Algorithm {
    // Sound as `nonisolated(unsafe)`: fetched once, never changed and never freed; libcrypto counts references to these
    // objects atomically and allows their use from several threads at once (EVP_MD_fetch(3), crypto(7)).
    static nonisolated(unsafe) let sha256 = unsafe required(EVP_MD_fetch(nil, "SHA2-256", nil), "SHA2-256")
    static nonisolated(unsafe) let hmac = unsafe required(EVP_MAC_fetch(nil, "HMAC", nil), "HMAC")
    static nonisolated(unsafe) let aes256GCM = unsafe required(EVP_CIPHER_fetch(nil, "AES-256-GCM", nil), "AES-256-GCM")

    private static func required(_ object: OpaquePointer?, _ name: String) -> OpaquePointer {
        guard let object = unsafe object else { fatalError("the host's libcrypto does not offer \(name)") }
        return unsafe object
    }
}
