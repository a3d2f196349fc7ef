import EnterpriseAuth
import Testing

extension ConfigurationMistakeTests {
    /// Directories that cannot work or are not safe.
    static let directories: [Mistake] = [
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "urls = [\"ldap://ldap.example.org\"]\nstart_tls = false",
            .init(
                "10:9 error",
                "directories.corp.urls[0]: passwords would cross the network to ldap.example.org in "
                    + "clear (use ldaps://, or start_tls = true, or say allow_cleartext = true)"
            )
        ),
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "urls = [\"ldap://ldap.example.org\"]\nstart_tls = false\nallow_cleartext = true",
            .init(
                "10:9 warning",
                "directories.corp.urls[0]: passwords cross the network to ldap.example.org in clear (use "
                    + "ldaps:// or start_tls = true)"
            )
        ),
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "urls = [\"ldap://127.0.0.1\", \"ldap://localhost:1389\", \"ldap://[::1]\", "
                + "\"ldapi://%2Frun%2Fldapi\"]\nstart_tls = false"
        ),
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "urls = [\"ldaps://a\", \"ldaps://a:636\"]",
            .init("10:22 error", "directories.corp.urls[1]: ldaps://a:636 is named twice (remove one of them)")
        ),
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "urls = []",
            .init("10:8 error", "directories.corp.urls: names no server (name at least one)")
        ),
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "urls = [\"ldaps://a:b\"]",
            .init(
                "10:18 error",
                "directories.corp.urls[0]: not a valid LDAP URL: the port must be a number from 1 to "
                    + "65535 (write for example \"ldaps://ldap.example.org\")"
            )
        ),
        Mistake(
            "urls = [\"ldaps://ldap.example.org\"]",
            "urls = [\"ldaps://reader:hunter2@ldap.example.org\"]",
            .init(
                "10:18 error",
                "directories.corp.urls[0]: not a valid LDAP URL: user names and passwords do not belong "
                    + "into the URL (write for example \"ldaps://ldap.example.org\")"
            )
        ),
        Mistake(
            "base = \"dc=example,dc=org\"",
            "base = \"example.org\"",
            .init(
                "11:8 error",
                "directories.corp.base: \"example.org\" is not a valid distinguished name: an attribute is "
                    + "expected here; “example.org” may hold letters, digits and hyphens and begins with a "
                    + "letter, or is an object identifier (write for example \"dc=example,dc=org\")"
            )
        ),
        Mistake(
            "bind_dn = \"cn=reader,dc=example,dc=org\"",
            "bind_dn = \"reader\"",
            .init(
                "12:18 error",
                "directories.corp.bind_dn: \"reader\" is not a valid distinguished name: after the "
                    + "attribute there must be = (write for example \"dc=example,dc=org\")"
            )
        ),
        Mistake(
            "bind_dn = \"cn=reader,dc=example,dc=org\"\n",
            "",
            .init("8:1 error", "directories.corp.bind_dn: is missing (add the service account's DN)")
        ),
        Mistake(
            "bind_password = { file = \"/etc/ent-login/reader.secret\" }",
            "",
            .init(
                "8:1 error",
                "directories.corp.bind_password: is missing (add bind_password = { file = \"/path/to/it\" " + "})"
            )
        ),
        Mistake(
            "bind_dn = \"cn=reader,dc=example,dc=org\"\nbind_password = { file = "
                + "\"/etc/ent-login/reader.secret\" }",
            "",
            .init(
                "8:1 error",
                "directories.corp.bind: nothing says how to bind before searching (add bind_dn and "
                    + "bind_password, or bind = \"external\", or bind = \"anonymous\")"
            )
        ),
        Mistake(
            "bind_dn = \"cn=reader,dc=example,dc=org\"\nbind_password = { file = "
                + "\"/etc/ent-login/reader.secret\" }",
            "bind = \"external\"",
            .init(
                "10:9 error",
                "directories.corp.urls[0]: bind = \"external\" needs a client certificate for "
                    + "ldaps://ldap.example.org:636 (add tls.certificate_file and tls.key_file)"
            )
        ),
        Mistake(
            "bind_dn = \"cn=reader,dc=example,dc=org\"",
            "bind = \"anonymous\"\nbind_dn = \"cn=reader\"",
            .init(
                "13:11 error",
                "directories.corp.bind_dn: has no meaning with bind = \"anonymous\" (remove it, or write "
                    + "bind = \"simple\")"
            ),
            .init(
                "14:17 error",
                "directories.corp.bind_password: has no meaning with bind = \"anonymous\" (remove it, or "
                    + "write bind = \"simple\")"
            )
        ),
        Mistake(
            "bind_dn = \"cn=reader,dc=example,dc=org\"\nbind_password = { file = "
                + "\"/etc/ent-login/reader.secret\" }",
            "bind = \"anonymos\"",
            .init("12:8 error", "directories.corp.bind: \"anonymos\" is not known here (did you mean \"anonymous\"?)")
        ),
        Mistake(
            adding: "[directories.corp.users]\nfilter = \"(uid=alice)\"",
            .init(
                "19:10 error",
                "directories.corp.users.filter: \"(uid=alice)\" is not a valid template: the placeholder "
                    + "{username} is missing, so it would find anybody (write for example \"(uid={username})\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.users]\nfilter = \"(uid={user})\"",
            .init(
                "19:10 error",
                "directories.corp.users.filter: \"(uid={user})\" is not a valid template: the placeholder "
                    + "{username} is missing, so it would find anybody (write for example \"(uid={username})\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.users]\nfilter = \"(&(uid={username})\"",
            .init(
                "19:29 error",
                "directories.corp.users.filter: \"(&(uid={username})\" is not a valid search filter: it "
                    + "ends where “)” is missing (write for example \"(uid={username})\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.users]\nfilter = \"(&(uid={username})(ou={unit}))\"",
            .init(
                "19:10 error",
                "directories.corp.users.filter: \"(&(uid={username})(ou={unit}))\" is not a valid "
                    + "template: {unit} is not known, only {username} is (write for example \"(uid={username})\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.users]\ndn_template = \"uid=alice,dc=example\"",
            .init(
                "19:15 error",
                "directories.corp.users.dn_template: \"uid=alice,dc=example\" is not a valid template: the "
                    + "placeholder {username} is missing, so it would be the same for everybody (write for "
                    + "example \"uid={username},ou=people,dc=example,dc=org\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.users]\ndn_template = \"uid={username}\"\nattributes = { login = \"\", mail "
                + "= \"e mail\" }",
            .init(
                "20:24 error",
                "directories.corp.users.attributes.login: \"\" is not a valid attribute name: it is empty "
                    + "(write for example \"uid\")"
            ),
            .init(
                "20:35 error",
                "directories.corp.users.attributes.mail: \"e mail\" is not a valid attribute name: “e "
                    + "mail” may hold letters, digits and hyphens and begins with a letter, or is an object "
                    + "identifier (write for example \"mail\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.users]\naccount_rules = [\"shadow\", \"pwd\"]",
            .init(
                "19:28 error",
                "directories.corp.users.account_rules[1]: \"pwd\" is not known here (write one of "
                    + "\"password-policy\", \"shadow\", \"active-directory\", \"ns-account-lock\", \"kerberos\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.groups]\nfilter = \"(member={username})\"",
            .init(
                "19:10 error",
                "directories.corp.groups.filter: \"(member={username})\" is not a valid search filter: "
                    + "{username} is not filled here (write for example \"(objectClass=groupOfNames)\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.groups]\nstrategy = \"member-of\"\n[directories.corp.users.attributes]\n"
                + "member_of = \"\"",
            .init(
                "19:12 error",
                "directories.corp.groups.strategy: \"member-of\" needs users.attributes.member_of (add "
                    + "member_of to [directories.corp.users.attributes])"
            )
        ),
        Mistake(
            adding: "[directories.corp.groups]\nmember_attributes = []",
            .init(
                "18:1 error",
                "directories.corp.groups: has neither member_attributes nor member_name_attributes, so "
                    + "nobody is in any group (add member_attributes = [\"member\"])"
            )
        ),
        Mistake(
            adding: "[directories.corp.groups]\nprimary_group = \"posix\"",
            .init(
                "19:17 error",
                "directories.corp.groups.primary_group: groups.primary_group needs "
                    + "users.attributes.primary_group (add primary_group to "
                    + "[directories.corp.users.attributes], or groups.primary_group = \"none\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.groups]\nnested = true\nmember_attributes = []\nmember_name_attributes = "
                + "[\"memberUid\"]",
            .init(
                "19:10 error",
                "directories.corp.groups.nested: groups nest by the DNs of their members, and there are "
                    + "no member_attributes (add member_attributes, or nested = false)"
            )
        ),
        Mistake(
            adding: "[directories.corp.groups]\nstrategy = \"member-of\"\nnested = true\nmember_attributes = []",
            .init(
                "20:10 error",
                "directories.corp.groups.nested: groups nest by the DNs of their members, and there are "
                    + "no member_attributes (add member_attributes, or nested = false)"
            )
        ),
        Mistake(
            adding: "[directories.corp.tls]\ncertificate_file = \"/c.pem\"",
            .init("19:20 error", "directories.corp.tls.certificate_file: needs key_file beside it (add key_file)")
        ),
        Mistake(
            adding: "[directories.corp.tls]\nminimum_version = \"1.1\"\nserver_name = \"https://x\"",
            .init(
                "19:19 error",
                "directories.corp.tls.minimum_version: \"1.1\" is not known here (did you mean \"1.2\"?)"
            ),
            .init(
                "20:15 error",
                "directories.corp.tls.server_name: \"https://x\" is not a host name (write for example "
                    + "\"ldap.example.org\")"
            )
        ),
        Mistake(
            adding: "[directories.corp.timeouts]\noperation = \"30s\"",
            .init(
                "19:13 warning",
                "directories.corp.timeouts.operation: is longer than login.deadline, which ends the "
                    + "login before (make it shorter)"
            )
        ),
        Mistake(
            adding: "[directories.corp.failover]\nretry_after = \"5m\"",
            .init(
                "19:15 error",
                "directories.corp.failover.retry_after: retry_after must not be longer than "
                    + "retry_at_most (swap them, or make retry_at_most longer)"
            )
        ),
        Mistake(
            adding: "[directories.corp.pool]\nservice_connections = 0\nuser_connections = 1000",
            .init(
                "19:23 error",
                "directories.corp.pool.service_connections: 0 is out of range (give a number between 1 " + "and 64)"
            ),
            .init(
                "20:20 error",
                "directories.corp.pool.user_connections: 1000 is out of range (give a number between 1 " + "and 256)"
            )
        ),
        Mistake(
            "preset = \"openldap\"",
            "preset = \"custom\"",
            .init(
                "8:1 error",
                "directories.corp.users.filter: is missing, and preset = \"custom\" has no value for it "
                    + "(add filter = \"(uid={username})\" to [directories.corp.users])"
            ),
            .init(
                "8:1 error",
                "directories.corp.users.attributes.login: is missing, and preset = \"custom\" has no value "
                    + "for it (add login = \"uid\" to [directories.corp.users.attributes])"
            ),
            .init(
                "8:1 error",
                "directories.corp.users.attributes.id: is missing, and preset = \"custom\" has no value "
                    + "for it (add id = \"entryUUID\" to [directories.corp.users.attributes])"
            ),
            .init(
                "8:1 error",
                "directories.corp.groups.filter: is missing, and preset = \"custom\" has no value for it "
                    + "(add filter = \"(objectClass=groupOfNames)\" to [directories.corp.groups])"
            ),
            .init(
                "8:1 error",
                "directories.corp.groups.name_attribute: is missing, and preset = \"custom\" has no value "
                    + "for it (add name_attribute = \"cn\" to [directories.corp.groups])"
            )
        ),
        Mistake(
            "preset = \"openldap\"",
            "preset = \"active_directory\"",
            .init(
                "9:10 error",
                "directories.corp.preset: \"active_directory\" is not known here (did you mean "
                    + "\"active-directory\"?)"
            )
        ),
    ]
}
