/// `[portal]`: the web server.
public struct PortalConfiguration: Sendable, Equatable {
    /// The certificate of the portal's own TLS.
    public struct TLS: Sendable, Equatable {
        /// A PEM file with the certificate chain.
        public var certificateFile: String
        /// A PEM file with the key.
        public var keyFile: String

        /// Makes a pair.
        /// - Parameters:
        ///   - certificateFile: A PEM file with the certificate chain.
        ///   - keyFile: A PEM file with the key.
        public init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// Where browsers and proxies connect.
    public var listen = ListenAddress(host: "127.0.0.1", port: 8423)
    /// Where metrics, readiness and authorisation requests are answered; never the public address.
    public var internalListen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 8424)
    /// The local socket for the command line; nil means beside the session store (`localSocketPath`).
    public var socket: String?
    /// The origin under which browsers see the portal.
    public var publicURL: WebOrigin
    /// The portal's own TLS; nil when a proxy does it.
    public var tls: TLS?
    /// How many connections may be open at once.
    public var maxConnections = 4096
    /// The peers whose `X-Forwarded-*` headers are believed.
    public var trustedProxies: [NetworkRange] = []
    /// The hosts to which a login may send the browser back: names, or `*.` and a domain.
    public var redirectHosts: [String] = []
    /// The company's name as the pages show it; nil shows the host of `publicURL`.
    public var company: String?
    /// A picture file that the pages show in the place of the name: SVG, PNG, JPEG or WebP.
    public var logo: String?
    /// A line at the foot of each page: where people find help.
    public var help: String?
    /// Files with the texts of the pages in further languages.
    public var translations: [String] = []
    /// The rules of forward authentication; the first match decides, no match denies.
    public var access: [AccessRuleConfiguration] = []

    /// Makes a portal with the default addresses and no access rules.
    /// - Parameter publicURL: The origin under which browsers see it.
    public init(publicURL: WebOrigin) {
        self.publicURL = publicURL
    }
}
