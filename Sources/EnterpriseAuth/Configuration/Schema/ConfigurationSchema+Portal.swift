extension ConfigurationSchema {
    static let portalSection = SchemaSection<PortalConfiguration>(
        "The login portal: `ent-login serve`. Without this table there is none.",
        defaults: PortalConfiguration(publicURL: WebOrigin(scheme: "https", host: "login.example.org")),
        fields: [
            .value("listen", \.listen, .listenAddress, "Where browsers and proxies connect."),
            .value(
                "internal_listen",
                \.internalListen,
                .listenAddressOrNone,
                "Where metrics, readiness and authorisation requests are answered; never the public address."
            ),
            .optional(
                "socket",
                \.socket,
                .path(example: "/run/ent-login/portal.socket"),
                "The local socket for the programs of this host, at most 107 bytes, in a folder that they may enter and "
                    + "only the portal's user may write in.",
                defaultNote: "the session store's path and .socket; none with sessions in memory",
                example: "\"/run/ent-login/portal.socket\""
            ),
            .value(
                "public_url",
                \.publicURL,
                .webOrigin,
                "The URL under which browsers see the portal.",
                required: true
            ),
            .value(
                "max_connections",
                \.maxConnections,
                .integer(16...1_000_000),
                "How many connections may be open at once; beyond that those that wait for a request longest are closed. Each "
                    + "takes a descriptor."
            ),
            .value(
                "trusted_proxies",
                \.trustedProxies,
                .list(of: .networkRange, example: "[\"127.0.0.1/32\"]"),
                "The peers whose X-Forwarded-* headers are believed."
            ),
            .value(
                "redirect_hosts",
                \.redirectHosts,
                .list(of: .hostPattern, example: "[\"*.example.org\"]"),
                "The hosts to which a login may send the browser back."
            ),
            .optional(
                "company",
                \.company,
                .string("text", example: "Example Ltd") { _ in nil },
                "The company's name, as the pages show it.",
                defaultNote: "the host of public_url",
                example: "\"Example Ltd\""
            ),
            .optional(
                "logo",
                \.logo,
                .path(example: "/etc/ent-login/logo.svg"),
                "A picture that the pages show in the place of the name: SVG, PNG, JPEG or WebP.",
                defaultNote: "none",
                example: "\"/etc/ent-login/logo.svg\""
            ),
            .optional(
                "help",
                \.help,
                .string("text", example: "Service desk: 1234") { _ in nil },
                "A line at the foot of each page: where people find help.",
                defaultNote: "none",
                example: "\"Service desk: 1234\""
            ),
            .value(
                "translations",
                \.translations,
                .list(of: .path(example: "/etc/ent-login/nl.toml"), example: "[\"/etc/ent-login/nl.toml\"]"),
                "Files with the pages' texts in further languages; English, German and French come with the program."
            ),
        ],
        tables: [
            .optional("tls", \.tls, portalTLSSection),
            .list("access", \.access, accessSection),
        ]
    )

    static let portalTLSSection = SchemaSection<PortalConfiguration.TLS>(
        "The portal's own TLS. Without this table a proxy must do it.",
        defaults: PortalConfiguration.TLS(
            certificateFile: "/etc/ent-login/portal.pem",
            keyFile: "/etc/ent-login/portal.key"
        ),
        fields: [
            .value(
                "certificate_file",
                \.certificateFile,
                .path(example: "/etc/ent-login/portal.pem"),
                "A PEM file with the certificate chain.",
                required: true
            ),
            .value(
                "key_file",
                \.keyFile,
                .path(example: "/etc/ent-login/portal.key"),
                "A PEM file with the key.",
                required: true
            ),
        ]
    )

    static let accessSection = SchemaSection<AccessRuleConfiguration>(
        "One rule of forward authentication. A request matches if every part that the rule has matches; the first rule "
            + "that matches decides, and no match denies.",
        defaults: AccessRuleConfiguration(host: "wiki.example.org"),
        fields: [
            .value(
                "host",
                \.host,
                .hostPattern,
                "The host; *. and a domain means every host below that domain, not the domain itself.",
                required: true
            ),
            .value(
                "paths",
                \.paths,
                .list(of: .pathPrefix, named: "list of path prefixes", example: "[\"/docs\"]"),
                "Beginnings of paths, by whole segments, in upper and lower case as written; none means every path. A request whose "
                    + "path programs may read differently (escaped slashes, dot segments, //, ;) is forbidden."
            ),
            .value(
                "methods",
                \.methods,
                .list(of: .method, example: "[\"GET\", \"HEAD\"]"),
                "Methods; none means every method."
            ),
            .value(
                "networks",
                \.networks,
                .list(of: .networkRange, example: "[\"10.0.0.0/8\"]"),
                "Networks of the client; none means every address."
            ),
            .value("allow", \.allow, .choice, "Who may pass: active people, whoever asks, or nobody."),
            .value(
                "groups",
                \.groups,
                .groupRule,
                "Which active people may pass.",
                defaultNote: "all of them",
                example: "{ any = [\"wiki-users\"] }"
            ),
        ]
    )
}
