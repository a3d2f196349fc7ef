internal import COpenSSL
internal import Glibc

/// What a certificate says about itself, for people to read; nothing here says that it can be trusted.
public struct CertificateFacts: Sendable, Hashable {
    /// One of the names that a certificate is good for (RFC 5280 section 4.2.1.6).
    public enum AlternativeName: Sendable, Hashable {
        /// A host name, perhaps with a `*`.
        case host(String)
        /// An IPv4 or IPv6 address as 4 or 16 bytes.
        case address([UInt8])
        /// A mail address.
        case mail(String)
        /// A URI.
        case uri(String)
    }

    /// Whose it is, as a distinguished name in the form of RFC 2253.
    public let subject: String
    /// Who issued it.
    public let issuer: String
    /// The names that it is good for; empty for most authorities.
    public let alternativeNames: [AlternativeName]
    /// From when on it is valid, in milliseconds since 1970.
    public let notBefore: Int64
    /// Until when it is valid, in milliseconds since 1970.
    public let notAfter: Int64
    /// The SHA-256 digest of the whole certificate, which people compare.
    public let fingerprint: SHA256Digest
    /// Whether it may issue others (X509_check_ca(3)).
    public let isAuthority: Bool

    /// Reads one certificate.
    /// - Parameter der: The certificate's bytes, and nothing behind them.
    /// - Throws: ``CryptoError`` if it is none.
    public init(der: [UInt8]) throws(CryptoError) {
        let certificate = unsafe der.withUnsafeBufferPointer { bytes in
            var position = bytes.baseAddress
            let certificate = unsafe d2i_X509(nil, &position, bytes.count)
            guard unsafe position != bytes.baseAddress.map({ unsafe $0 + bytes.count }) else {
                return unsafe certificate
            }
            unsafe X509_free(certificate)
            return nil
        }
        guard let certificate = unsafe certificate else {
            ERR_clear_error()
            throw CryptoError(.malformed("it is not one DER certificate"), operation: "read a certificate")
        }
        defer { unsafe X509_free(certificate) }
        unsafe try self.init(certificate)
    }

    /// Reads all certificates of a PEM file, in its order; other blocks are passed over.
    /// - Parameter pem: The file's content.
    /// - Returns: At least one.
    /// - Throws: ``CryptoError`` if one is damaged or there is none.
    public static func all(inPEM pem: [UInt8]) throws(CryptoError) -> [CertificateFacts] {
        guard let source = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else { throw .last("read certificates") }
        defer { unsafe BIO_free(source) }
        var all: [CertificateFacts] = []
        while let certificate = unsafe PEM_read_bio_X509(source, nil, nil, nil) {
            defer { unsafe X509_free(certificate) }
            all.append(unsafe try CertificateFacts(certificate))
        }
        let code = ERR_peek_last_error()
        let isEnd = copenssl_is_end_of_pem(code) == 1
        guard isEnd else { throw CryptoError.last("read certificate \(all.count + 1) of a PEM file") }
        ERR_clear_error()
        guard !all.isEmpty else {
            throw CryptoError(.malformed("there is no certificate in it"), operation: "read a PEM file")
        }
        return all
    }

    private init(_ certificate: OpaquePointer) throws(CryptoError) {
        subject = unsafe try Self.text(of: X509_get_subject_name(certificate))
        issuer = unsafe try Self.text(of: X509_get_issuer_name(certificate))
        notBefore = unsafe try Self.milliseconds(X509_get0_notBefore(certificate))
        notAfter = unsafe try Self.milliseconds(X509_get0_notAfter(certificate))
        isAuthority = unsafe X509_check_ca(certificate) > 0
        alternativeNames = unsafe Self.names(of: certificate)
        var digest = [UInt8](repeating: 0, count: 32)
        guard unsafe X509_digest(certificate, Algorithm.sha256, &digest, nil) == 1,
            let fingerprint = SHA256Digest(bytes: digest)
        else { throw .last("read a certificate") }
        self.fingerprint = fingerprint
        // Extensions that could not be read have left their errors on the queue.
        ERR_clear_error()
    }

    private static func text(of name: OpaquePointer?) throws(CryptoError) -> String {
        guard let sink = unsafe BIO_new(BIO_s_mem()) else { throw .last("read a name") }
        defer { unsafe BIO_free(sink) }
        guard unsafe X509_NAME_print_ex(sink, name, 0, copenssl_name_flags()) >= 0 else { throw .last("read a name") }
        var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(sink))
        let count = unsafe max(0, BIO_read(sink, &bytes, Int32(bytes.count)))
        return String(decoding: bytes.prefix(Int(count)), as: UTF8.self)
    }

    private static func milliseconds(_ time: UnsafePointer<ASN1_TIME>?) throws(CryptoError) -> Int64 {
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { throw .last("read a certificate's time") }
        return unsafe Int64(timegm(&parts)) * 1000
    }

    private static func names(of certificate: OpaquePointer) -> [AlternativeName] {
        guard let list = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let stack = OpaquePointer(list)
        defer { unsafe GENERAL_NAMES_free(stack) }
        return unsafe (0..<OPENSSL_sk_num(stack)).compactMap { index in
            let name = unsafe OPENSSL_sk_value(stack, index)?.assumingMemoryBound(to: GENERAL_NAME.self)
            return unsafe name.flatMap { unsafe alternativeName($0.pointee) }
        }
    }

    private static func alternativeName(_ name: GENERAL_NAME) -> AlternativeName? {
        switch unsafe name.type {
        case GEN_DNS: unsafe .host(text(name.d.dNSName))
        case GEN_IPADD: unsafe .address(bytes(name.d.iPAddress))
        case GEN_EMAIL: unsafe .mail(text(name.d.rfc822Name))
        case GEN_URI: unsafe .uri(text(name.d.uniformResourceIdentifier))
        default: nil
        }
    }

    private static func text(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> String {
        unsafe String(decoding: bytes(string), as: UTF8.self)
    }

    private static func bytes(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> [UInt8] {
        guard let start = unsafe ASN1_STRING_get0_data(string) else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
    }
}
