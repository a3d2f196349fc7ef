extension ConfigurationSchema {
    private static let year = Duration.seconds(365 * 86_400)

    static let sessionSection = SchemaSection<SessionConfiguration>(
        "How long a login lasts and where it is kept.",
        defaults: SessionConfiguration(),
        fields: [
            .value(
                "store",
                \.store,
                .sessionStore,
                "Where sessions are kept: in this process, or in an SQLite database."
            ),
            .value(
                "lifetime",
                \.lifetime,
                .duration(.seconds(1)...year),
                "The absolute limit, counted from the login."
            ),
            .value(
                "idle",
                \.idle,
                .duration(.seconds(1)...year),
                "The limit without use.",
                defaultNote: "30m, or the lifetime if that is shorter"
            ),
            .value(
                "fresh_for",
                \.freshFor,
                .duration(.zero ... .seconds(86_400)),
                "For how long after the password was given a session counts as fresh.",
                defaultNote: "5m, or the lifetime if that is shorter"
            ),
            .value(
                "renew_after",
                \.renewAfter,
                .duration(.zero ... .seconds(86_400)),
                "After how long the browser's token is replaced by another while the session is used; 0s means never. The "
                    + "old one is good until the new one has come back, and half a minute longer."
            ),
            .value(
                "protection",
                \.protection,
                .choice,
                "What another client with the same token does to the session: \"basic\" makes it not fresh when the "
                    + "User-Agent differs, \"strong\" ends it when that or the network address differs."
            ),
            .value(
                "max_per_user",
                \.maxPerUser,
                .integer(1...10_000),
                "How many sessions one person may have; the oldest ends."
            ),
        ],
        tables: [
            .table(
                "cookie",
                \.cookie,
                cookieSection(SessionConfiguration().cookie, of: "The browser's session cookie, for the portal.")
            )
        ]
    )

    static let rememberSection = SchemaSection<RememberConfiguration>(
        "Logins that outlive the browser, by a rotating token of their own. The portal's login page asks whether one is wanted, and `ent-login login --remember` says so.",
        defaults: RememberConfiguration(),
        fields: [
            .value("enabled", \.enabled, .boolean, "Whether people may ask to be remembered."),
            .value(
                "lifetime",
                \.lifetime,
                .duration(.seconds(1)...year),
                "For how long after its last use a remembered login lasts."
            ),
            .value(
                "blind_lifetime",
                \.blindLifetime,
                .duration(.seconds(1)...year),
                "For how long after the login, at most, it is remembered if its source does not show when a password was "
                    + "changed, so that a change cannot end it: local people of PAM, directories without such an "
                    + "attribute. An application's own people are the application's business."
            ),
            .value(
                "grace",
                \.grace,
                .duration(.zero ... .seconds(600)),
                "For how long the previous token still counts, so that parallel requests do not look like theft."
            ),
        ],
        tables: [
            .table("cookie", \.cookie, cookieSection(RememberConfiguration().cookie, of: "The remember-me cookie."))
        ]
    )

    private static func cookieSection(
        _ defaults: CookieConfiguration,
        of what: String
    ) -> SchemaSection<CookieConfiguration> {
        SchemaSection(
            what + " `__Host-` names need secure and no domain, `__Secure-` names need secure (RFC 6265bis, 4.1.3).",
            defaults: defaults,
            fields: [
                .value("name", \.name, .cookieName, "The cookie's name."),
                .value("same_site", \.sameSite, .choice, "Whether links from other sites carry the cookie."),
                .value(
                    "secure",
                    \.secure,
                    .boolean,
                    "Whether the cookie travels over TLS only; false is for loopback listeners."
                ),
                .optional(
                    "domain",
                    \.domain,
                    .domain,
                    "The domain whose hosts all get the cookie.",
                    defaultNote: "none: the portal's host only",
                    example: "\"example.org\""
                ),
            ]
        )
    }
}
