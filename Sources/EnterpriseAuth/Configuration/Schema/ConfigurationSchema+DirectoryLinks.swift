extension ConfigurationSchema {
    static let tlsSection = SchemaSection<DirectoryConfiguration.TLS>(
        "Certificates and names for ldaps:// and StartTLS. Certificates are always verified.",
        defaults: DirectoryConfiguration.TLS(),
        fields: [
            .optional(
                "ca_file",
                \.caFile,
                .path(example: "/etc/ent-login/corp-ca.pem"),
                "A PEM file of the certificate authorities that are trusted.",
                defaultNote: "\(DirectoryConfiguration.TLS.systemCAFile), unless ca_directory is given",
                example: "\"/etc/ent-login/corp-ca.pem\""
            ),
            .optional(
                "ca_directory",
                \.caDirectory,
                .path(example: "/etc/ent-login/ca"),
                "A directory of certificate authorities that are trusted.",
                example: "\"/etc/ent-login/ca\""
            ),
            .optional(
                "certificate_file",
                \.certificateFile,
                .path(example: "/etc/ent-login/client.pem"),
                "A PEM file with the client certificate.",
                example: "\"/etc/ent-login/client.pem\""
            ),
            .optional(
                "key_file",
                \.keyFile,
                .path(example: "/etc/ent-login/client.key"),
                "A PEM file with the client certificate's key.",
                example: "\"/etc/ent-login/client.key\""
            ),
            .optional(
                "server_name",
                \.serverName,
                .host,
                "The name that the server's certificate must carry.",
                defaultNote: "the URL's host",
                example: "\"ldap.example.org\""
            ),
            .value("minimum_version", \.minimumVersion, .choice, "The oldest version of TLS that is accepted."),
        ]
    )

    static let poolSection = SchemaSection<DirectoryConfiguration.Pool>(
        "How many connections are kept to the directory.",
        defaults: DirectoryConfiguration.Pool(),
        fields: [
            .value(
                "service_connections",
                \.serviceConnections,
                .integer(1...64),
                "The most connections that search; each carries many operations at once."
            ),
            .value(
                "user_connections",
                \.userConnections,
                .integer(1...256),
                "The most connections that bind as the people who log in; each carries one bind at a time."
            ),
            .value(
                "idle",
                \.idle,
                .duration(.seconds(1) ... .seconds(86_400)),
                "After how long without use a connection is closed."
            ),
        ]
    )

    static let timeoutsSection = SchemaSection<DirectoryConfiguration.Timeouts>(
        "How long each step may take; none outlasts login.deadline.",
        defaults: DirectoryConfiguration.Timeouts(),
        fields: [
            .value(
                "connect",
                \.connect,
                .duration(.milliseconds(10) ... .seconds(60)),
                "Name resolution, connecting and the TLS handshake together, for one server."
            ),
            .value(
                "operation",
                \.operation,
                .duration(.milliseconds(10) ... .seconds(300)),
                "One bind or search."
            ),
        ]
    )

    static let failoverSection = SchemaSection<DirectoryConfiguration.Failover>(
        "How a server that failed is avoided until it is back.",
        defaults: DirectoryConfiguration.Failover(),
        fields: [
            .value(
                "retry_after",
                \.retryAfter,
                .duration(.milliseconds(10) ... .seconds(3600)),
                "The first pause before a failed server is tried again; it doubles with each failure."
            ),
            .value(
                "retry_at_most",
                \.retryAtMost,
                .duration(.milliseconds(10) ... .seconds(86_400)),
                "The longest pause."
            ),
        ]
    )
}
