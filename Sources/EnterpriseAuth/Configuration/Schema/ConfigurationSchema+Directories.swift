internal import LDAPClient
internal import TOMLReader

extension ConfigurationSchema {
    static let directories = SchemaTable<LoginConfiguration>(key: "directories") { entry, path, root, context in
        SchemaTable<LoginConfiguration>.forEachNamed(entry, path, &context) { name, path, table, context in
            var draft = draft(name, table)
            directorySection.read(table, at: path, into: &draft, &context)
            root.directories[name] = draft.finished(at: path, &context)
        }
    } write: { root, path, writer in
        for (name, directory) in root.directories.sorted(by: { $0.key < $1.key }) {
            let draft = DirectoryDraft(directory)
            let header = joined(path, name)
            writer.table(directorySection, draft, defaults: directorySection.defaults, header: header)
        }
    } outline: { path in
        SchemaOutline.of(directorySection, header: "[\(path).NAME]", path: "\(path).NAME")
    }

    static let directorySection = SchemaSection<DirectoryDraft>(
        "One LDAP directory, served by one or more equal servers.",
        defaults: DirectoryDraft(name: "", preset: .openldap, base: .root),
        fields: serverFields + bindFields,
        tables: [
            .table("tls", \.configuration.tls, tlsSection),
            .table("users", \.configuration.users, usersSection) { draft in
                DirectoryConfiguration.Users(preset: draft.configuration.preset, base: draft.configuration.base)
            },
            .table("groups", \.configuration.groups, groupsSection) { draft in
                DirectoryConfiguration.Groups(preset: draft.configuration.preset, base: draft.configuration.base)
            },
            .table("pool", \.configuration.pool, poolSection),
            .table("timeouts", \.configuration.timeouts, timeoutsSection),
            .table("failover", \.configuration.failover, failoverSection),
        ]
    )

    private static let serverFields: [SchemaField<DirectoryDraft>] = [
        .value(
            "preset",
            \.configuration.preset,
            .choice,
            "The kind of directory, which gives `users` and `groups` their values; with \"custom\" all must be given.",
            required: true
        ),
        .value(
            "urls",
            \.configuration.urls,
            .list(of: .ldapURL, example: "[\"ldaps://ldap.example.org\"]"),
            "The servers, in order of preference.",
            required: true,
            example: "[\"ldaps://ldap.example.org\"]"
        ),
        .value(
            "start_tls",
            \.configuration.startTLS,
            .boolean,
            "Whether ldap:// connections are raised to TLS before anything is sent."
        ),
        .value(
            "allow_cleartext",
            \.configuration.allowCleartext,
            .boolean,
            "Whether passwords may cross a network in clear; loopback and ldapi:// never need it."
        ),
        .value(
            "base",
            \.configuration.base,
            .distinguishedName,
            "The DN below which everything lies.",
            required: true,
            example: "\"dc=example,dc=org\""
        ),
    ]

    private static let bindFields: [SchemaField<DirectoryDraft>] = [
        .optional(
            "bind",
            \.method,
            .choice,
            "How the program itself binds before it searches; \"external\" is the client certificate, or the peer of "
                + "an ldapi:// socket.",
            defaultNote: "\"simple\" where bind_dn is given, else it must be said",
            example: "\"simple\""
        ),
        .optional(
            "bind_dn",
            \.bindDN,
            .distinguishedName,
            "The service account.",
            example: "\"cn=reader,dc=example,dc=org\""
        ),
        .optional(
            "bind_password",
            \.bindPassword,
            .secret,
            "The service account's password: never itself, only where it is.",
            example: "{ file = \"/etc/ent-login/reader.secret\" }"
        ),
    ]

    // What the fields read once more, with all their complaints: preset and base decide the defaults of the rest.
    private static func draft(_ name: String, _ table: TOMLTable) -> DirectoryDraft {
        var unheard = DecodingContext(file: "")
        let preset = table.entry("preset").flatMap { SchemaType<DirectoryPreset>.choice.read($0.node, "", &unheard) }
        let base = table.entry("base").flatMap { entry in
            SchemaType<DistinguishedName>.distinguishedName.read(entry.node, "", &unheard)
        }
        return DirectoryDraft(name: name, preset: preset ?? .openldap, base: base ?? .root)
    }
}
