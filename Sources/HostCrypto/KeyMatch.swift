internal import COpenSSL
public import HostSystem

/// Whether a private key belongs to a certificate.
public enum KeyMatch {
    /// Compares a key with the first certificate of a PEM file (X509_check_private_key(3)).
    /// - Parameters:
    ///   - key: A PEM file's content with a private key that has no password.
    ///   - pem: The file with the certificate.
    /// - Returns: Whether they belong together.
    /// - Throws: ``CryptoError`` if one of them cannot be read.
    public static func isPair(key: SecretBytes, certificatePEM pem: [UInt8]) throws(CryptoError) -> Bool {
        guard let source = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else { throw .last("read a certificate") }
        defer { unsafe BIO_free(source) }
        guard let certificate = unsafe PEM_read_bio_X509(source, nil, nil, nil) else {
            throw .last("read a certificate")
        }
        defer { unsafe X509_free(certificate) }
        let privateKey = unsafe key.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let memory = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
            defer { unsafe BIO_free(memory) }
            // A password that is empty, or somebody would be asked for one at the terminal.
            return unsafe PEM_read_bio_PrivateKey(memory, nil, { _, _, _, _ in 0 }, nil)
        }
        guard let privateKey = unsafe privateKey else { throw .last("read a private key") }
        defer { unsafe EVP_PKEY_free(privateKey) }
        let isPair = unsafe X509_check_private_key(certificate, privateKey) == 1
        ERR_clear_error()
        return isPair
    }
}
