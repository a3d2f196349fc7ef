internal import LDAPClient

extension ConfigurationSchema {
    /// What the reference says where a preset decides.
    static let fromPreset = "from the preset"

    static let usersSection = SchemaSection<DirectoryConfiguration.Users>(
        "How people are found. The preset gives the values; each can be overridden.",
        defaults: DirectoryConfiguration.Users(preset: .openldap, base: .root),
        fields: [
            .value(
                "base",
                \.base,
                .distinguishedName,
                "The DN below which people lie.",
                defaultNote: "the directory's base"
            ),
            .value(
                "filter",
                \.filter,
                .personFilter,
                "Finds a person; {username} stands for the escaped name.",
                defaultNote: fromPreset
            ),
            .value("scope", \.scope, .choice, "How far below the base is searched."),
            .optional(
                "dn_template",
                \.dnTemplate,
                .personName,
                "The DN to bind as, without a search first.",
                defaultNote: "none: search, then bind",
                example: "\"uid={username},ou=people,dc=example,dc=org\""
            ),
            .value("id_format", \.idFormat, .choice, "The form of the immutable id.", defaultNote: fromPreset),
            .value(
                "account_rules",
                \.accountRules,
                .list(of: .choice, named: "list of words", example: "[\"password-policy\"]"),
                "Which rules tell whether an account may be used at all.",
                defaultNote: fromPreset
            ),
        ],
        tables: [
            .table("attributes", \.attributes, attributesSection) { _ in attributesSection.defaults }
        ]
    )

    static let attributesSection = SchemaSection<DirectoryConfiguration.Users.Attributes>(
        "Which attributes tell what about a person.",
        defaults: DirectoryConfiguration.Users(preset: .openldap, base: .root).attributes,
        fields: [
            .value(
                "login",
                \.login,
                .attribute,
                "The login name; single-valued, and never what was typed.",
                defaultNote: fromPreset
            ),
            .value(
                "id",
                \.id,
                .attribute,
                "An id that never changes and never is given to another.",
                defaultNote: fromPreset
            ),
            .value("display_name", \.displayName, .attributeOrNone, "The name to show.", defaultNote: fromPreset),
            .value("mail", \.mail, .attributeOrNone, "The mail address.", defaultNote: fromPreset),
            .value(
                "member_of",
                \.memberOf,
                .attributeOrNone,
                "The DNs of the person's groups, if the server keeps them.",
                defaultNote: fromPreset
            ),
            .value(
                "primary_group",
                \.primaryGroup,
                .attributeOrNone,
                "The number of the primary group.",
                defaultNote: fromPreset
            ),
        ]
    )
}
