import EnterpriseAuth
import Testing

extension ConfigurationMistakeTests {
    /// Keys that are wrong, in the wrong place, or missing.
    static let keys: [Mistake] = [
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndedline = \"10s\"",
            .init("3:1 error", "login.dedline: unknown key (did you mean `deadline`?)")
        ),
        Mistake(
            "base = \"dc=example,dc=org\"",
            "base = \"dc=example,dc=org\"\nca_file = \"/ca.pem\"",
            .init("12:1 error", "directories.corp.ca_file: unknown key (`ca_file` belongs in [directories.corp.tls])")
        ),
        Mistake(
            "type = \"ldap\"",
            "type = \"ldap\"\nservice = \"login\"",
            .init(
                "6:1 error",
                "providers.corp.service: unknown key (`service` belongs in [providers.corp] with type = " + "\"pam\")"
            )
        ),
        Mistake(
            adding: "[sesion]\nidle = \"5m\"",
            .init("18:2 error", "sesion: unknown key (did you mean `session`?)")
        ),
        Mistake(
            adding: "[zebra]",
            .init(
                "18:2 error",
                "zebra: unknown key (known here: `login`, `providers`, `directories`, `active`, "
                    + "`session`, `remember`, `throttle`, `portal`, `log`, `audit`)"
            )
        ),
        Mistake(
            adding: "[directories.corp.users.attributes]\nuid = \"uid\"",
            .init("19:1 error", "directories.corp.users.attributes.uid: unknown key (did you mean `id`?)")
        ),
        Mistake(
            adding: "[session]\ncookie = { nam = \"x\" }",
            .init("19:12 error", "session.cookie.nam: unknown key (did you mean `name`?)")
        ),
        Mistake(
            "type = \"ldap\"",
            "typ = \"ldap\"",
            .init("4:1 error", "providers.corp.type: is missing (add type = \"ldap\" or type = \"pam\")"),
            .init("5:1 error", "providers.corp.typ: unknown key (did you mean `type`?)")
        ),
        Mistake(
            "preset = \"openldap\"",
            "",
            .init("8:1 error", "directories.corp.preset: is missing (add preset = \"openldap\")")
        ),
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "# no servers",
            .init("8:1 error", "directories.corp.urls: is missing (add urls = [\"ldaps://ldap.example.org\"])")
        ),
        Mistake(
            "providers = [\"corp\"]",
            "",
            .init("1:1 error", "login.providers: is missing (add providers = [\"corp\"])")
        ),
        Mistake(
            "[login]\nproviders = [\"corp\"]",
            "",
            .init(
                "1:1 error",
                "login: there is no [login], so nobody can be asked (add [login] with providers = " + "[\"NAME\"])"
            ),
            .init("3:1 warning", "providers.corp: is never asked (add \"corp\" to login.providers)")
        ),
        Mistake(
            "[active]\ndirectory = \"corp\"\nall = [\"employees\"]",
            "",
            .init(
                "1:1 error",
                "active: there is no [active], so nothing says who may log in (add [active] with a "
                    + "directory and a rule, or with everyone = true if that is meant)"
            )
        ),
        Mistake(
            "[providers.corp]",
            "[providers.\"my corp\"]",
            .init("2:14 error", "login.providers[0]: there is no [providers.corp] (add the table, or name another)"),
            .init(
                "4:12 error",
                "providers.\"my corp\": is no name: letters, digits, “-”, “_” and “.” are allowed (choose "
                    + "a plain name of at most 64 characters)"
            )
        ),
        Mistake(
            "[login]",
            "[login",
            .init("1:7 error", "table header: expected ']'")
        ),
        Mistake(
            "[login]",
            "login = 1",
            .init("5:1 error", "table header: cannot redefine existing array 'providers.corp' as table")
        ),
    ]
}
