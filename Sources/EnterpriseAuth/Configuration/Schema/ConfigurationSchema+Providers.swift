internal import TOMLReader

extension ConfigurationSchema {
    /// The kinds of provider.
    enum ProviderType: String, CaseIterable, Sendable {
        case ldap
        case pam
    }

    static let providers = SchemaTable<LoginConfiguration>(key: "providers") { entry, path, root, context in
        SchemaTable<LoginConfiguration>.forEachNamed(entry, path, &context) { name, path, table, context in
            root.providers[name] = provider(name, table, at: path, &context)
        }
    } write: { root, path, writer in
        for (name, provider) in root.providers.sorted(by: { $0.key < $1.key }) {
            write(provider, header: joined(path, name), &writer)
        }
    } outline: { path in
        let header = "[\(path).NAME]"
        return SchemaOutline.of(ldapSection, header: header, path: "\(path).NAME", type: .ldap)
            + SchemaOutline.of(pamSection, header: header, path: "\(path).NAME", type: .pam)
    }

    static let ldapSection = SchemaSection<LDAPProviderConfiguration>(
        "Passwords are checked by a bind to a directory.",
        defaults: LDAPProviderConfiguration(name: "", directory: "corp"),
        fields: [
            .value(
                "directory",
                \.directory,
                .name("directory name", example: "corp"),
                "The directory that is asked: the NAME of a [directories.NAME].",
                required: true
            )
        ],
        taken: ["type"]
    )

    static let pamSection = SchemaSection<PAMProviderConfiguration>(
        "Passwords are checked by a PAM stack.",
        defaults: PAMProviderConfiguration(name: "", service: "ent-login"),
        fields: [
            .value(
                "service",
                \.service,
                .name("service name", example: "ent-login"),
                "The PAM service: the name of the stack's file.",
                required: true
            ),
            .optional(
                "confdir",
                \.confdir,
                .path(example: "/etc/ent-login/pam.d"),
                "A private directory of stacks.",
                defaultNote: "/etc/pam.d and the system's others",
                example: "\"/etc/ent-login/pam.d\""
            ),
            .optional(
                "directory",
                \.directory,
                .name("directory name", example: "corp"),
                "The directory whose people this stack authenticates; they keep their identity when providers change.",
                defaultNote: "none: its people are local",
                example: "\"corp\""
            ),
            .value(
                "isolation",
                \.isolation,
                .choice,
                "Where the modules run: in worker processes, which may crash and can be killed, or on a thread."
            ),
            .value(
                "workers",
                \.workers,
                .integer(1...256),
                "How many transactions run at the same time."
            ),
            .value(
                "requests_per_worker",
                \.requestsPerWorker,
                .integer(1...10_000),
                "After how many transactions a worker is replaced, because modules leak."
            ),
            .optional(
                "timeout",
                \.timeout,
                .duration(.milliseconds(100) ... .seconds(300)),
                "The time for one transaction.",
                defaultNote: "what is left of login.deadline",
                example: "\"5s\""
            ),
            .value(
                "tty",
                \.tty,
                .name("terminal name", example: "ent-login"),
                "PAM_TTY, without which several modules refuse to work."
            ),
        ],
        taken: ["type"]
    )

    private static func provider(
        _ name: String,
        _ table: TOMLTable,
        at path: String,
        _ context: inout DecodingContext
    ) -> ProviderConfiguration? {
        guard let entry = table.entry("type") else {
            context.error("\(path).type", "is missing", fix: "add type = \"ldap\" or type = \"pam\"")
            for entry in table.entries where EditDistance.nearest(to: entry.key, among: ["type"]) != nil {
                context.unknownKey(joined(path, entry.key), at: entry.keySpan.start, fix: "did you mean `type`?")
            }
            return nil
        }
        context.note("\(path).type", key: entry.keySpan.start, value: entry.node.span.start)
        switch SchemaType<ProviderType>.choice.read(entry.node, "\(path).type", &context) {
        case .ldap:
            var provider = ldapSection.defaults
            provider.name = name
            ldapSection.read(table, at: path, into: &provider, &context)
            return .ldap(provider)
        case .pam:
            var provider = pamSection.defaults
            provider.name = name
            pamSection.read(table, at: path, into: &provider, &context)
            return .pam(provider)
        case nil:
            return nil
        }
    }

    private static func write(_ provider: ProviderConfiguration, header: String, _ writer: inout ConfigurationWriter) {
        switch provider {
        case .ldap(let ldap):
            let type = ["type = \"ldap\""]
            writer.table(ldapSection, ldap, defaults: ldapSection.defaults, header: header, first: type)
        case .pam(let pam):
            let type = ["type = \"pam\""]
            writer.table(pamSection, pam, defaults: pamSection.defaults, header: header, first: type)
        }
    }
}

extension SchemaOutline {
    /// The outline of one kind of provider.
    fileprivate static func of<Root>(
        _ section: SchemaSection<Root>,
        header: String,
        path: String,
        type: ConfigurationSchema.ProviderType
    ) -> [SchemaOutline] {
        let row = Row(
            key: "type",
            type: "word",
            range: TOMLText.quoted(type.rawValue),
            standard: "required",
            summary: "The kind of provider.",
            since: "0.1"
        )
        return of(section, header: "\(header) with type = \"\(type.rawValue)\"", path: path, leading: [row])
    }
}
