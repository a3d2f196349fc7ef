extension ConfigurationSchema {
    static let loginSection = SchemaSection<LoginSettings>(
        "Which providers are asked, and within what time. To switch or reorder them is a change of one line here.",
        defaults: LoginSettings(providers: []),
        fields: [
            .value(
                "providers",
                \.providers,
                .list(of: .name("provider name", example: "corp"), example: "[\"corp\"]"),
                "The providers, in the order in which they are asked.",
                required: true,
                example: "[\"corp\"]"
            ),
            .value(
                "deadline",
                \.deadline,
                .duration(.milliseconds(100) ... .seconds(300)),
                "The time for one whole login: every provider, server, retry and group look-up."
            ),
            .value(
                "refusal_time",
                \.refusalTime,
                .duration(.zero ... .seconds(10)),
                "When refusals are answered, counted from the start of the login, so that all of them look alike."
            ),
            .value(
                "on_outage",
                \.onOutage,
                .choice,
                "What happens when a provider does not answer: \"stop\" makes the login unavailable, \"next\" asks the "
                    + "next provider, which opens another door to whoever can stop the first."
            ),
        ]
    )

    static let logSection = SchemaSection<LogConfiguration>(
        "What the program writes about its own doings.",
        defaults: LogConfiguration(),
        fields: [
            .value("level", \.level, .choice, "How much a program that goes on writes; a command goes by its -v."),
            .value("format", \.format, .choice, "Lines for people or JSON objects."),
        ]
    )

    static let auditSection = SchemaSection<AuditConfiguration>(
        "Where login events go.",
        defaults: AuditConfiguration(),
        fields: [
            .optional(
                "file",
                \.file,
                .path(example: "/var/log/ent-login/audit.jsonl"),
                "A file that gets one JSON object for each event.",
                defaultNote: "the log",
                example: "\"/var/log/ent-login/audit.jsonl\""
            )
        ]
    )
}
