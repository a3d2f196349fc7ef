import EnterpriseAuth
import LDAPClient
import TestBed
import Testing

@Suite("ConfigurationLoader")
struct ConfigurationLoaderTests {
    @Test("fills in every default for the least that a file can say")
    func minimal() throws {
        let loaded = try ConfigurationSamples.load(ConfigurationSamples.minimal)
        var directory = DirectoryConfiguration(
            name: "corp",
            preset: .openldap,
            urls: [try LDAPURL(parsing: "ldaps://ldap.example.org")],
            base: try DistinguishedName(parsing: "dc=example,dc=org"),
            bind: .simple(
                dn: try DistinguishedName(parsing: "cn=reader,dc=example,dc=org"),
                password: .file("/etc/ent-login/reader.secret")
            )
        )
        directory.startTLS = true
        var active = ActiveConfiguration()
        active.directory = "corp"
        active.requirement = GroupRequirementConfiguration(all: ["employees"])
        let expected = LoginConfiguration(
            login: LoginSettings(providers: ["corp"]),
            providers: ["corp": .ldap(LDAPProviderConfiguration(name: "corp", directory: "corp"))],
            directories: ["corp": directory],
            active: active
        )
        #expect(loaded.configuration == expected)
        #expect(loaded.warnings.isEmpty)
    }

    @Test("takes the whole format")
    func complete() throws {
        let loaded = try ConfigurationSamples.load(completeFile)
        let configuration = loaded.configuration
        #expect(loaded.warnings.map(\.key) == ["login.on_outage"])
        #expect(configuration.login.deadline == .milliseconds(1500))
        #expect(configuration.orderedProviders.map(\.name) == ["host", "corp"])
        let host = try #require(configuration.providers["host"]?.pam)
        #expect(host.directory == "corp" && host.confdir == "/etc/ent-login/pam.d" && host.timeout == .seconds(1))
        let corp = try #require(configuration.directories["corp"])
        #expect(corp.bind == .external && corp.tls.minimumVersion == .v1_3 && corp.groups.nested)
        #expect(corp.users.dnTemplate?.description == "uid={username},ou=people,dc=example,dc=org")
        #expect(corp.users.attributes.mail == nil && corp.users.attributes.login == "employeeName")
        #expect(configuration.active.requirement.any.count == 2)
        #expect(configuration.active.requirement.references.map(\.name) == ["a", "b", "c", "d", "e"])
        #expect(configuration.session.store == .sqlite(path: "/var/lib/s.sqlite"))
        #expect(configuration.session.cookie.domain == "example.org")
        #expect(configuration.remember.enabled && configuration.remember.lifetime == .seconds(31 * 86_400))
        let portal = try #require(configuration.portal)
        #expect(portal.listen == ListenAddress(host: "::1", port: 8423) && portal.internalListen?.port == 8500)
        #expect(portal.trustedProxies.map(\.description) == ["10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32"])
        #expect(portal.access.map(\.host) == ["wiki.example.org", "*.example.org"])
        #expect(portal.access[0].groups.references.map(\.position?.description) == ["t.toml:78:19"])
    }

    @Test("knows the place of every group that a rule names")
    func groupPositions() throws {
        let configuration = try ConfigurationSamples.load(ConfigurationSamples.minimal).configuration
        #expect(configuration.active.requirement.references.first?.position?.description == "t.toml:17:8")
    }

    @Test("says that a file is missing, too large, or no file")
    func unreadable() {
        let missing = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader().load(path: "/nonexistent/ent-login.toml")
        }
        #expect(missing?.description.hasPrefix("/nonexistent/ent-login.toml: error: No such file") == true)
        #expect(throws: ConfigurationError.self) { try ConfigurationLoader().load(path: "/etc") }
        #expect(throws: ConfigurationError.self) { try ConfigurationLoader().load(path: "/dev/zero") }
    }

    @Test("reads a file from its path")
    func fromPath() throws {
        let scratch = try ScratchDirectory(name: "config")
        defer { scratch.remove() }
        let text = ConfigurationSamples.minimal(
            replacing: "{ file = \"/etc/ent-login/reader.secret\" }",
            with: "{ env = \"PATH\" }"
        )
        let local = text.replacing("ldaps://ldap.example.org", with: "ldapi://%2Frun%2Fldapi")
        try scratch.write(local, to: "good.toml", permissions: 0o644)
        let configuration = try LoginConfiguration.load(from: "\(scratch.path)/good.toml")
        #expect(configuration == (try ConfigurationSamples.load(local).configuration))
        try scratch.write("[login", to: "bad.toml", permissions: 0o644)
        let error = #expect(throws: ConfigurationError.self) {
            try LoginConfiguration.load(from: "\(scratch.path)/bad.toml")
        }
        #expect(error?.description == "\(scratch.path)/bad.toml:1:7: error: table header: encountered end-of-file")
    }

    @Test("survives any value in any place, and says something about each")
    func anyValue() async {
        let lines = completeFile.split(separator: "\n")
        let values = ["1", "-1.5", "true", "\"\"", "\"x y\"", "[]", "[[]]", "{}", "{ a = { b = 1 } }", "1979-05-27"]
        for (index, line) in lines.enumerated() {
            guard let equals = line.firstRange(of: " = ") else { continue }
            // The pool that runs the tests has few threads.
            await Task.yield()
            for value in values {
                var changed = lines
                changed[index] = line[..<equals.upperBound] + value
                for problem in ConfigurationSamples.problems(changed.joined(separator: "\n")) {
                    #expect(problem.hasPrefix("t.toml:") && !problem.contains("\n"))
                }
            }
        }
    }

    private let completeFile = """
        [login]
        providers = ["host", "corp"]
        deadline = "1500ms"
        refusal_time = "0s"
        on_outage = "next"
        [providers.corp]
        type = "ldap"
        directory = "corp"
        [providers.host]
        type = "pam"
        service = "ent-login"
        confdir = "/etc/ent-login/pam.d"
        directory = "corp"
        isolation = "thread"
        workers = 2
        requests_per_worker = 10
        timeout = "1s"
        tty = "web"
        [directories.corp]
        preset = "custom"
        urls = ["ldapi://%2Frun%2Fldapi", "ldap://127.0.0.1:1389"]
        start_tls = false
        base = "dc=example,dc=org"
        bind = "external"
        tls.minimum_version = "1.3"
        tls.certificate_file = "/c.pem"
        tls.key_file = "/k.pem"
        [directories.corp.users]
        base = "ou=people,dc=example,dc=org"
        filter = "(&(objectClass=person)(|(uid={username})(mail={username})))"
        scope = "one-level"
        dn_template = "uid={username},ou=people,dc=example,dc=org"
        id_format = "guid"
        account_rules = ["shadow", "password-policy"]
        attributes = { login = "employeeName", id = "objectGUID", mail = "" }
        [directories.corp.groups]
        filter = "(objectClass=groupOfNames)"
        name_attribute = "cn"
        member_attributes = ["member"]
        nested = true
        [directories.corp.pool]
        service_connections = 1
        user_connections = 1
        idle = "1m"
        [directories.corp.timeouts]
        connect = "1s"
        operation = "1s"
        [directories.corp.failover]
        retry_after = "1s"
        retry_at_most = "2s"
        [active]
        directory = "corp"
        all = ["a"]
        any = ["b", { all = ["c"], none = ["d"] }]
        none = ["e"]
        recheck = "30s"
        outage_grace = "1h"
        [session]
        store = "sqlite:/var/lib/s.sqlite"
        lifetime = "1d"
        idle = "1h"
        fresh_for = "0s"
        protection = "strong"
        max_per_user = 3
        cookie = { name = "__Secure-sid", same_site = "strict", secure = true, domain = "example.org" }
        [remember]
        enabled = true
        lifetime = "31d"
        grace = "30s"
        [portal]
        listen = "[::1]:8423"
        internal_listen = "[::1]:8500"
        public_url = "https://login.example.org/"
        trusted_proxies = ["10.0.0.0/8", "2001:db8::/32", "127.0.0.1"]
        redirect_hosts = ["*.example.org"]
        [[portal.access]]
        host = "wiki.example.org"
        groups = { any = ["wiki-users"] }
        [[portal.access]]
        host = "*.example.org"
        paths = ["/public"]
        methods = ["GET", "HEAD"]
        networks = ["192.0.2.0/24"]
        allow = "everyone"
        [log]
        level = "debug"
        format = "json"
        [audit]
        file = "/var/log/audit.jsonl"
        """
}

extension ProviderConfiguration {
    fileprivate var pam: PAMProviderConfiguration? {
        if case .pam(let pam) = self { pam } else { nil }
    }
}
