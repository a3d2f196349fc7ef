extension ConfigurationSchema {
    static let activeSection = SchemaSection<ActiveConfiguration>(
        "Who is active, for the people of every provider. Without this table nobody would know, so it must be there.",
        defaults: ActiveConfiguration(),
        fields: sourceFields + ruleFields + timeFields
    )

    private static let sourceFields: [SchemaField<ActiveConfiguration>] = [
        .value(
            "everyone",
            \.everyone,
            .boolean,
            "Whoever a provider verifies is active; no groups are looked up."
        ),
        .optional(
            "directory",
            \.directory,
            .name("directory name", example: "corp"),
            "The directory whose groups count, for the people that it knows.",
            example: "\"corp\""
        ),
        .optional(
            "source",
            \.source,
            .choice,
            "Where the groups of local people are: the local group file and the primary group.",
            defaultNote: "none: local people are never active",
            example: "\"unix\""
        ),
        .value(
            "min_uid",
            \.minimumUID,
            .integer(0...4_294_967_294),
            "The smallest user number of a local person who can be active."
        ),
    ]

    private static let ruleFields: [SchemaField<ActiveConfiguration>] = [
        .value(
            "all",
            \.requirement.all,
            .groups,
            "The person must be in all of these.",
            defaultNote: "no such rule",
            example: "[\"employees\"]"
        ),
        .value(
            "any",
            \.requirement.any,
            .groups,
            "The person must be in at least one of these.",
            defaultNote: "no such rule",
            example: "[\"engineering\", { all = [\"sales\", \"on-call\"] }]"
        ),
        .value(
            "none",
            \.requirement.none,
            .groups,
            "The person must be in none of these.",
            defaultNote: "no such rule",
            example: "[\"suspended\"]"
        ),
    ]

    private static let timeFields: [SchemaField<ActiveConfiguration>] = [
        .value(
            "recheck",
            \.recheck,
            .duration(.seconds(1) ... .seconds(86_400)),
            "How often a live session's person is checked again."
        ),
        .value(
            "outage_grace",
            \.outageGrace,
            .duration(.zero ... .seconds(7 * 86_400)),
            "For how long after the last answer sessions live on while the directory does not answer."
        ),
    ]
}
