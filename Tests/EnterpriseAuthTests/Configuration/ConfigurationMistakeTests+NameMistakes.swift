import EnterpriseAuth
import Testing

extension ConfigurationMistakeTests {
    /// Names that point nowhere, and rules about who is active.
    static let names: [Mistake] = [
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"cop\"]",
            .init("2:14 error", "login.providers[0]: there is no [providers.cop] (did you mean \"corp\"?)")
        ),
        Mistake(
            "providers = [\"corp\"]",
            "providers = [\"corp\", \"corp\"]",
            .init("2:22 error", "login.providers[1]: \"corp\" is named twice (remove one of them)")
        ),
        Mistake(
            "directory = \"corp\"\n\n[dir",
            "directory = \"crop\"\n\n[dir",
            .init("6:13 error", "providers.corp.directory: there is no [directories.crop] (did you mean \"corp\"?)")
        ),
        Mistake(
            "directory = \"corp\"\nall",
            "directory = \"crop\"\nall",
            .init("16:13 error", "active.directory: there is no [directories.crop] (did you mean \"corp\"?)")
        ),
        Mistake(
            adding: "[providers.host]\ntype = \"ldap\"\ndirectory = \"corp\"",
            .init("18:1 warning", "providers.host: is never asked (add \"host\" to login.providers)")
        ),
        Mistake(
            adding: "[providers.host]\ntype = \"ldap\"",
            .init("18:1 error", "providers.host.directory: is missing (add directory = \"corp\")"),
            .init("18:1 warning", "providers.host: is never asked (add \"host\" to login.providers)")
        ),
        Mistake(
            adding: "[directories.old]\npreset = \"lldap\"\nurls = [\"ldapi://%2Frun%2Fldapi\"]\nbase = \"dc=old\"\n"
                + "bind = \"anonymous\"",
            .init(
                "18:1 warning",
                "directories.old: is not used by anything (name it in a provider or in active.directory, "
                    + "or remove it)"
            )
        ),
        Mistake(
            "all = [\"employees\"]",
            "",
            .init(
                "15:1 error",
                "active: has no rule (add all, any or none with groups, or everyone = true if that is " + "meant)"
            )
        ),
        Mistake(
            "all = [\"employees\"]",
            "all = []",
            .init(
                "17:7 error",
                "active.all: an empty list; it would hold for everyone or for nobody, depending on the "
                    + "reader (name a group, or remove the key)"
            )
        ),
        Mistake(
            "all = [\"employees\"]",
            "all = [\"a\", { any = [\"b\", 3], nun = [\"c\"] }, {}, \"\"]",
            .init(
                "17:27 error",
                "active.all[1].any[1]: must be a group's name or a rule, not an integer (write for "
                    + "example { any = [\"a\", \"b\"] })"
            ),
            .init("17:31 error", "active.all[1].nun: unknown key (a rule has all, any and none)"),
            .init(
                "17:46 error",
                "active.all[2]: must be a rule with at least one of all, any and none (write for example "
                    + "{ any = [\"a\", \"b\"] })"
            ),
            .init("17:50 error", "active.all[3]: a group's name cannot be empty (name a group)")
        ),
        Mistake(
            "all = [\"employees\"]",
            "all = [\"a\"]\nnone = [\"b\", \"a\"]",
            .init("18:14 error", "active.none[1]: \"a\" stands in all too, so nobody is active (remove one of the two)")
        ),
        Mistake(
            "directory = \"corp\"\nall",
            "all",
            .init(
                "15:1 error",
                "active: does not say whose groups count (add directory = \"NAME\" or source = \"unix\", or "
                    + "everyone = true if that is meant)"
            )
        ),
        Mistake(
            "directory = \"corp\"\nall = [\"employees\"]",
            "everyone = true"
        ),
        Mistake(
            "directory = \"corp\"\nall",
            "everyone = true\nall",
            .init("17:7 error", "active.all: contradicts everyone = true (remove one of the two)")
        ),
        Mistake(
            "directory = \"corp\"\nall",
            "source = \"unix\"\nall",
            .init(
                "6:13 error",
                "providers.corp.directory: its people are never active: [active] has no directory (make "
                    + "active.directory the same)"
            )
        ),
        Mistake(
            "directory = \"corp\"\nall",
            "directory = \"corp\"\nsource = \"unix\"\nall",
            .init(
                "17:10 warning",
                "active.source: is about local people, and no provider that is asked has any (remove it, "
                    + "or add a PAM provider without a directory)"
            )
        ),
        Mistake(
            "directory = \"corp\"\nall",
            "directory = \"corp\"\nrecheck = \"20m\"\noutage_grace = \"1m\"\nall",
            .init(
                "18:16 warning",
                "active.outage_grace: is shorter than recheck, so an outage suspends sessions before it "
                    + "can be noticed (make it at least as long as active.recheck)"
            )
        ),
        Mistake(
            "type = \"ldap\"\ndirectory = \"corp\"",
            "type = \"pam\"\nservice = \"ent-login\"",
            .init(
                "4:1 error",
                "providers.corp: its people are local, and never active: [active] has no source for them "
                    + "(add source = \"unix\" to [active], or directory = \"NAME\" here)"
            )
        ),
        Mistake(
            "type = \"ldap\"\ndirectory = \"corp\"",
            "type = \"pam\"\nservice = \"../x\"\ndirectory = \"corp\"",
            .init(
                "6:11 error",
                "providers.corp.service: \"../x\" is no name: letters, digits, “-”, “_” and “.” are "
                    + "allowed (write for example \"ent-login\")"
            )
        ),
        Mistake(
            "type = \"ldap\"\ndirectory = \"corp\"",
            "type = \"pam\"\nservice = \"x\"\ndirectory = \"corp\"\ntimeout = \"20s\"",
            .init(
                "8:11 warning",
                "providers.corp.timeout: is longer than login.deadline, which ends the login before "
                    + "(make it shorter)"
            )
        ),
    ]
}
