internal import LDAPClient

extension ConfigurationSchema {
    static let groupsSection = SchemaSection<DirectoryConfiguration.Groups>(
        "How groups, and the people in them, are found. The preset gives the values; each can be overridden.",
        defaults: DirectoryConfiguration.Groups(preset: .openldap, base: .root),
        fields: searchFields + membershipFields + limitFields
    )

    private static let searchFields: [SchemaField<DirectoryConfiguration.Groups>] = [
        .value(
            "base",
            \.base,
            .distinguishedName,
            "The DN below which groups lie.",
            defaultNote: "the directory's base"
        ),
        .value("filter", \.filter, .filter, "What every group matches.", defaultNote: fromPreset),
        .value("scope", \.scope, .choice, "How far below the base is searched."),
        .value(
            "name_attribute",
            \.nameAttribute,
            .attribute,
            "The attribute with the group's name, as rules name it.",
            defaultNote: fromPreset
        ),
    ]

    private static let membershipFields: [SchemaField<DirectoryConfiguration.Groups>] = [
        .value(
            "strategy",
            \.strategy,
            .choice,
            "Where membership is read: by a search for groups with the person as member, which is always current, or "
                + "from users.attributes.member_of, which the server must keep."
        ),
        .value(
            "member_attributes",
            \.memberAttributes,
            .list(of: .attribute, example: "[\"member\"]"),
            "The attributes of a group with the DNs of its members.",
            defaultNote: fromPreset
        ),
        .value(
            "member_name_attributes",
            \.memberNameAttributes,
            .list(of: .attribute, example: "[\"memberUid\"]"),
            "The attributes of a group with the login names of its members.",
            defaultNote: fromPreset
        ),
        .value(
            "primary_group",
            \.primaryGroup,
            .choice,
            "What the number in users.attributes.primary_group is: the last part of a SID, or a number that one group "
                + "carries.",
            defaultNote: fromPreset
        ),
        .value(
            "number_attribute",
            \.numberAttribute,
            .attribute,
            "The attribute with the group's number, for primary_group = \"posix\"."
        ),
    ]

    private static let limitFields: [SchemaField<DirectoryConfiguration.Groups>] = [
        .value("nested", \.nested, .boolean, "Whether groups of groups count."),
        .value(
            "max_depth",
            \.maxDepth,
            .integer(1...64),
            "How many levels of groups of groups are followed; more is an outage, not a shorter list."
        ),
        .value(
            "max_groups",
            \.maxGroups,
            .integer(1...100_000),
            "How many groups one person may be in; more is an outage, not a shorter list."
        ),
        .value(
            "page_size",
            \.pageSize,
            .integer(0...10_000),
            "How many entries a page of results has; 0 asks for no pages.",
            defaultNote: fromPreset
        ),
    ]
}
