import EnterpriseAuth
import Testing

extension ConfigurationMistakeTests {
    /// Values of a wrong type, form or size.
    static let values: [Mistake] = [
        Mistake(
            "providers = [\"corp\"]",
            "providers = \"corp\"",
            .init("2:13 error", "login.providers: must be a list, not a string (write for example [\"corp\"])")
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\", 7]",
            .init(
                "2:22 error",
                "login.providers[1]: must be a provider name, not an integer (write for example \"corp\")"
            )
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = []",
            .init("2:13 error", "login.providers: names no provider, so nobody can log in (name at least one)")
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndeadline = 10",
            .init("3:12 error", "login.deadline: must be a duration, not an integer (write for example \"90s\")")
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndeadline = \"10 s\"",
            .init(
                "3:12 error",
                "login.deadline: \"10 s\" is not a duration (a number and ms, s, m, h or d, as in \"90s\" or "
                    + "\"15m\")"
            )
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndeadline = \"1h30m\"",
            .init(
                "3:12 error",
                "login.deadline: \"1h30m\" is not a duration (a number and ms, s, m, h or d, as in \"90s\" "
                    + "or \"15m\")"
            )
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndeadline = \"-5s\"",
            .init(
                "3:12 error",
                "login.deadline: \"-5s\" is not a duration (a number and ms, s, m, h or d, as in \"90s\" or "
                    + "\"15m\")"
            )
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndeadline = \"99999999999999999999d\"",
            .init(
                "3:12 error",
                "login.deadline: \"99999999999999999999d\" is not a duration (a number and ms, s, m, h or "
                    + "d, as in \"90s\" or \"15m\")"
            )
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndeadline = \"2h\"",
            .init("3:12 error", "login.deadline: \"2h\" is out of range (give a duration from 100ms to 5m)")
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\ndeadline = \"400ms\"",
            .init(
                "3:12 error",
                "login.deadline: login.refusal_time must be shorter than login.deadline (make the " + "deadline longer)"
            )
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\non_outage = \"Next\"",
            .init("3:13 error", "login.on_outage: \"Next\" is not known here (did you mean \"next\"?)")
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\"]\non_outage = \"next\"",
            .init(
                "3:13 warning",
                "login.on_outage: an outage of one provider opens the next: whoever can stop the first "
                    + "chooses the door (write \"stop\" unless that is meant)"
            )
        ),
        Mistake(
            adding: "[session]\nprotection = \"basik\"",
            .init("19:14 error", "session.protection: \"basik\" is not known here (did you mean \"basic\"?)")
        ),
        Mistake(
            adding: "[session]\nprotection = \"paranoid\"",
            .init(
                "19:14 error",
                "session.protection: \"paranoid\" is not known here (write one of \"none\", \"basic\", " + "\"strong\")"
            )
        ),
        Mistake(
            adding: "[session]\nmax_per_user = 0",
            .init("19:16 error", "session.max_per_user: 0 is out of range (give a number between 1 and 10000)")
        ),
        Mistake(
            adding: "[session]\nmax_per_user = \"20\"",
            .init("19:16 error", "session.max_per_user: must be an integer, not a string (write for example 1)")
        ),
        Mistake(
            adding: "[session]\nstore = \"redis://x\"",
            .init(
                "19:9 error",
                "session.store: \"redis://x\" is not a store (write \"memory\" or "
                    + "\"sqlite:/var/lib/ent-login/sessions.sqlite\", with an absolute path)"
            )
        ),
        Mistake(
            adding: "[session]\nstore = \"sqlite:sessions.sqlite\"",
            .init(
                "19:9 error",
                "session.store: \"sqlite:sessions.sqlite\" is not a store (write \"memory\" or "
                    + "\"sqlite:/var/lib/ent-login/sessions.sqlite\", with an absolute path)"
            )
        ),
        Mistake(
            adding: "[remember]\nenabled = \"yes\"",
            .init("19:11 error", "remember.enabled: must be a boolean, not a string (write for example true)")
        ),
        Mistake(
            adding: "[directories.corp.tls]\nca_file = \"corp.pem\"",
            .init(
                "19:11 error",
                "directories.corp.tls.ca_file: \"corp.pem\" is not an absolute path (write for example "
                    + "\"/etc/ent-login/corp-ca.pem\")"
            )
        ),
        Mistake(
            adding: "[audit]\nfile = \"audit\\u0000\"",
            .init(
                "19:8 error",
                "audit.file: \"audit\\u0000\" is not an absolute path (write for example "
                    + "\"/var/log/ent-login/audit.jsonl\")"
            )
        ),
    ]
}
