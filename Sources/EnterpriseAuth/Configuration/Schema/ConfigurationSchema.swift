/// The whole format: the one source of what the loader takes, the reference says and the example shows.
enum ConfigurationSchema {
    /// The root of the file.
    static let root = SchemaSection<LoginConfiguration>(
        "",
        defaults: LoginConfiguration(
            login: loginSection.defaults,
            providers: [:],
            active: activeSection.defaults
        ),
        fields: [],
        tables: [
            .table("login", \.login, loginSection),
            providers,
            directories,
            .table("active", \.active, activeSection),
            .table("session", \.session, sessionSection),
            .table("remember", \.remember, rememberSection),
            .table("throttle", \.throttle, throttleSection),
            .optional("portal", \.portal, portalSection),
            .table("log", \.log, logSection),
            .table("audit", \.audit, auditSection),
        ]
    )

    /// Every table with its keys, in the order of the reference.
    static let outlines = root.tables.flatMap { $0.outline($0.key) }
}
