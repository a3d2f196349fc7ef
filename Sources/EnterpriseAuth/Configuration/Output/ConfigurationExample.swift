internal import LDAPClient

/// The commented template that `config example` prints.
public enum ConfigurationExample {
    /// The template: every key with its meaning, the ones that nobody can do without filled in.
    ///
    /// It passes the loader as it is on any Linux host: it names no file that is not there. So it searches as nobody,
    /// and uses the stack of login(1), until the operator says otherwise.
    public static let text: String = {
        var writer = ConfigurationWriter(.template)
        for line in introduction { writer.comment(line) }
        let root = ConfigurationSchema.root
        writer.table(root, configuration, defaults: root.defaults, header: "")
        return writer.text
    }()

    private static let introduction = [
        "Configuration of ent-login. Every key is here; those that are commented out show their default, or an example "
            + "where there is none.",
        "`ent-login check` tells whether the file is right, `ent-login config show` what holds.",
        "Durations are a number and a unit: 500ms, 90s, 15m, 12h, 31d.",
    ]

    /// What the template says when nothing in it is changed.
    static let configuration: LoginConfiguration = {
        var local = PAMProviderConfiguration(name: "host", service: "login")
        local.directory = "corp"
        var active = ActiveConfiguration()
        active.directory = "corp"
        active.requirement = GroupRequirementConfiguration(all: ["employees"], none: ["suspended"])
        var configuration = LoginConfiguration(
            login: LoginSettings(providers: ["corp"]),
            providers: [
                "corp": .ldap(LDAPProviderConfiguration(name: "corp", directory: "corp")), "host": .pam(local),
            ],
            directories: ["corp": directory],
            active: active
        )
        configuration.login.providers = ["corp", "host"]
        configuration.session.store = .sqlite(path: "/var/lib/ent-login/sessions.sqlite")
        configuration.portal = portal
        return configuration
    }()

    private static let directory: DirectoryConfiguration = {
        do {
            var directory = DirectoryConfiguration(
                name: "corp",
                preset: .openldap,
                urls: [
                    try LDAPURL(parsing: "ldaps://ldap1.example.org"),
                    try LDAPURL(parsing: "ldaps://ldap2.example.org"),
                ],
                base: try DistinguishedName(parsing: "dc=example,dc=org"),
                bind: .anonymous
            )
            directory.users.base = try DistinguishedName(parsing: "ou=people,dc=example,dc=org")
            directory.groups.base = try DistinguishedName(parsing: "ou=groups,dc=example,dc=org")
            return directory
        } catch {
            preconditionFailure("the template: \(error)")
        }
    }()

    private static let portal: PortalConfiguration = {
        var portal = PortalConfiguration(publicURL: WebOrigin(scheme: "https", host: "login.example.org"))
        portal.trustedProxies = [NetworkRange(parsing: "127.0.0.1/32")].compactMap(\.self)
        portal.redirectHosts = ["*.example.org"]
        var rule = AccessRuleConfiguration(host: "wiki.example.org")
        rule.groups = GroupRequirementConfiguration(any: ["wiki-users"])
        portal.access = [rule]
        return portal
    }()
}
