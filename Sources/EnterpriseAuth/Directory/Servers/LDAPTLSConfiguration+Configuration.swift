internal import LDAPClient

extension LDAPTLSConfiguration {
    /// The same settings in the words of the LDAP client.
    /// - Parameter configuration: `[directories.NAME.tls]`.
    init(_ configuration: DirectoryConfiguration.TLS) {
        let hasOwnAuthority = configuration.caFile != nil || configuration.caDirectory != nil
        self.init(
            caFile: hasOwnAuthority ? configuration.caFile : DirectoryConfiguration.TLS.systemCAFile,
            caDirectory: configuration.caDirectory,
            certificateFile: configuration.certificateFile,
            keyFile: configuration.keyFile,
            serverName: configuration.serverName,
            minimumVersion: configuration.minimumVersion == .v1_3 ? .tls13 : .tls12
        )
    }
}
