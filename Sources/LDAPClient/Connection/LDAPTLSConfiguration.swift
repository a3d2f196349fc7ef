/// How TLS to one directory server is verified and which certificate this client shows.
///
/// The server's certificate is always demanded and always checked, its name included; there is no switch to turn that
/// off. Every connection gets these settings by itself: nothing global is read or changed.
public struct LDAPTLSConfiguration: Sendable, Hashable {
    /// A version of TLS.
    public enum Version: Int32, Sendable {
        /// TLS 1.2.
        case tls12 = 0x303
        /// TLS 1.3.
        case tls13 = 0x304
    }

    /// A file of PEM certificates of the authorities that may sign the server's certificate.
    ///
    /// If neither this nor ``caDirectory`` is set, the authorities that the system trusts are used.
    public var caFile: String?

    /// A directory of such files.
    public var caDirectory: String?

    /// The certificate (PEM) that this client shows, for SASL EXTERNAL.
    public var certificateFile: String?

    /// The private key (PEM) of that certificate.
    public var keyFile: String?

    /// The name that the server's certificate must carry, if it is not the host of the URL.
    public var serverName: String?

    /// The oldest version of TLS that is accepted; 1.2 if not set.
    public var minimumVersion: Version

    /// The allowed cipher suites in the notation of the TLS library that libldap was built with.
    ///
    /// On Debian that is a GnuTLS priority string, on most others an OpenSSL cipher list. Nil leaves it to the library.
    public var cipherSuites: String?

    /// Settings with the usual defaults.
    /// - Parameters:
    ///   - caFile: The authorities to trust, instead of the system's.
    ///   - caDirectory: A directory of authorities to trust.
    ///   - certificateFile: The client's own certificate.
    ///   - keyFile: The key of that certificate.
    ///   - serverName: The name to verify, if it is not the URL's host.
    ///   - minimumVersion: The oldest accepted version.
    ///   - cipherSuites: The allowed cipher suites.
    public init(
        caFile: String? = nil,
        caDirectory: String? = nil,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        serverName: String? = nil,
        minimumVersion: Version = .tls12,
        cipherSuites: String? = nil
    ) {
        self.caFile = caFile
        self.caDirectory = caDirectory
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.minimumVersion = minimumVersion
        self.cipherSuites = cipherSuites
    }
}
