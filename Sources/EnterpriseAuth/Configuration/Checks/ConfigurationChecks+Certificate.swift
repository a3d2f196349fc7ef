internal import HostCrypto
internal import HostSystem

extension ConfigurationChecks {
    /// How long before its end a certificate is worth a word, in milliseconds.
    private static let notice: Int64 = 14 * 86_400_000
    private static let fileLimit = 1 << 20

    /// Looks at the portal's own certificate: whether it can be used, until when, and for which names.
    ///
    /// What a browser would refuse is a warning: proxies on this host ask without it.
    func checkPortalCertificate(_ context: inout DecodingContext, now: Int64 = WallTime.nowMilliseconds) {
        guard let portal = configuration.portal, let tls = portal.tls, !context.isFaulty("portal.tls") else { return }
        let path = "portal.tls.certificate_file"
        // What cannot be read has been told.
        guard let pem = try? HostFile.read(tls.certificateFile, limit: Self.fileLimit) else { return }
        guard let facts = (try? CertificateFacts.all(inPEM: pem))?.first else {
            let message = "\(tls.certificateFile) has no certificate in it, or a damaged one"
            context.error(path, message, fix: "write the certificate chain as PEM, the portal's own first")
            return
        }
        if let key = try? SecretSource.file(tls.keyFile).read() { checkPair(key, pem, tls, &context) }
        checkDates(facts, tls.certificateFile, path, now, &context)
        let host = portal.publicURL.host
        if !facts.isGood(for: host) {
            let names = facts.alternativeNames.map(\.text).joined(separator: ", ")
            let message = "the certificate is for \(names.isEmpty ? "no host" : names), and browsers ask for \(host)"
            context.warn(path, message, fix: "have one issued with the name of portal.public_url")
        }
    }

    private func checkPair(
        _ key: SecretBytes,
        _ pem: [UInt8],
        _ tls: PortalConfiguration.TLS,
        _ context: inout DecodingContext
    ) {
        let path = "portal.tls.key_file"
        switch try? KeyMatch.isPair(key: key, certificatePEM: pem) {
        case true?: break
        case false?:
            let message = "the key does not belong to the first certificate in \(tls.certificateFile)"
            context.error(path, message, fix: "name the key that the certificate was asked for with")
        case nil:
            let message = "\(tls.keyFile) has no key that can be read without a password"
            context.error(path, message, fix: "openssl pkey -in OLD -out NEW takes a password away")
        }
    }

    private func checkDates(
        _ facts: CertificateFacts,
        _ file: String,
        _ path: String,
        _ now: Int64,
        _ context: inout DecodingContext
    ) {
        let until = Timestamp(milliseconds: facts.notAfter)
        if now >= facts.notAfter {
            context.warn(path, "the certificate has expired at \(until), and browsers refuse it", fix: "renew it")
        } else if now < facts.notBefore {
            let begin = Timestamp(milliseconds: facts.notBefore)
            context.warn(path, "the certificate is not valid before \(begin)", fix: "look at this host's clock")
        } else if facts.notAfter - now < Self.notice {
            context.warn(path, "the certificate expires at \(until)", fix: "renew it, then ent-login reload")
        }
    }
}

extension CertificateFacts {
    /// Whether a browser takes it for a host (RFC 9525, section 6): names only count as alternative names.
    fileprivate func isGood(for host: String) -> Bool {
        alternativeNames.contains { name in
            switch name {
            case .host(let pattern): Self.matches(pattern.lowercased(), host)
            case .address(let bytes): NetworkRange(parsing: host.filter { !"[]".contains($0) })?.bytes == bytes
            case .mail, .uri: false
            }
        }
    }

    private static func matches(_ pattern: String, _ host: String) -> Bool {
        if pattern == host { return true }
        guard pattern.hasPrefix("*."), let dot = host.firstIndex(of: ".") else { return false }
        return host[dot...] == pattern.dropFirst()
    }
}

extension CertificateFacts.AlternativeName {
    fileprivate var text: String {
        switch self {
        case .host(let name), .mail(let name), .uri(let name): name
        case .address(let bytes):
            NetworkRange(bytes: bytes, prefixLength: bytes.count * 8).map { "\($0)" } ?? "an address"
        }
    }
}
