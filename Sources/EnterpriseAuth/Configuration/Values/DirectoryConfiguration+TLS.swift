extension DirectoryConfiguration {
    /// Certificates and names for `ldaps://` and StartTLS.
    ///
    /// Certificates are always verified; there is no switch.
    public struct TLS: Sendable, Equatable {
        /// A version of the protocol.
        public enum Version: String, Sendable, CaseIterable {
            /// TLS 1.2 (RFC 5246).
            case v1_2 = "1.2"
            /// TLS 1.3 (RFC 8446).
            case v1_3 = "1.3"
        }

        /// The certificate authorities trusted when neither `caFile` nor `caDirectory` is given.
        public static let systemCAFile = "/etc/ssl/certs/ca-certificates.crt"

        /// A PEM file of trusted certificate authorities.
        public var caFile: String?
        /// A directory of trusted certificate authorities.
        public var caDirectory: String?
        /// A PEM file with the client certificate.
        public var certificateFile: String?
        /// A PEM file with the client certificate's key.
        public var keyFile: String?
        /// The name that the server's certificate must carry, if it is not the URL's host.
        public var serverName: String?
        /// The oldest version that is accepted.
        public var minimumVersion: Version = .v1_2

        /// Makes settings that trust the system's authorities.
        public init() {}
    }
}
