public import EnterpriseAuth
internal import HostSystem
internal import NIOSSL

/// The certificate with its key by which the portal does TLS itself.
public final class PortalCertificate: Sendable {
    /// The most bytes of a file with certificates.
    private static let fileLimit = 1 << 20

    let context: NIOSSLContext

    /// Reads both files; blocks for as long as the disk takes.
    ///
    /// TLS 1.2 is the least (RFC 9325, section 3.1.1).
    /// - Parameter files: Where they lie.
    /// - Throws: `PortalProblem` with the file that cannot be used, and what to do.
    public init(reading files: PortalConfiguration.TLS) throws(PortalProblem) {
        let chain = try Self.chain(files.certificateFile)
        let key = try Self.key(files.keyFile)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw PortalProblem(
                "portal.tls: the key in \(files.keyFile) does not belong to the first certificate in "
                    + "\(files.certificateFile), or the two cannot be used: put the portal's own certificate first"
            )
        }
    }

    private static func chain(_ path: String) throws(PortalProblem) -> [NIOSSLCertificate] {
        let bytes: [UInt8]
        do throws(HostError) {
            bytes = try HostFile.read(path, limit: fileLimit)
        } catch {
            throw PortalProblem("portal.tls.certificate_file: \(error)")
        }
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
            throw PortalProblem(
                "portal.tls.certificate_file: \(path) is no PEM file with certificates (“-----BEGIN CERTIFICATE-----”)"
            )
        }
        return chain
    }

    private static func key(_ path: String) throws(PortalProblem) -> NIOSSLPrivateKey {
        do throws(SecretError) {
            // Reading it as a secret looks at owner and mode.
            _ = try SecretSource.file(path).read()
        } catch {
            throw PortalProblem("portal.tls.key_file: \(error)")
        }
        // By its path, so that no copy of it stays in memory of ours.
        guard let key = try? NIOSSLPrivateKey(file: path, format: .pem) else {
            throw PortalProblem(
                "portal.tls.key_file: \(path) is no PEM file with a key that has no password (“openssl pkey -in OLD -out "
                    + "NEW” takes the password away)"
            )
        }
        return key
    }
}
