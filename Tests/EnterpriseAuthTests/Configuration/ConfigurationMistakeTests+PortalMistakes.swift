import EnterpriseAuth
import Testing

extension ConfigurationMistakeTests {
    /// With a slash before it one byte more than a socket's path may have.
    private static let longName = String(repeating: "x", count: 107)

    /// A portal with one rule for a protected host, as far as the rule's keys.
    private static let guarded =
        "[portal]\npublic_url = \"https://login.example.org\"\ntrusted_proxies = [\"::1\"]\n[[portal.access]]\n"

    /// Sessions and their cookies.
    static let sessions: [Mistake] = [
        Mistake(
            adding: "[session]\nidle = \"13h\"",
            .init(
                "19:8 error",
                "session.idle: is longer than session.lifetime, which ends the session before (make the "
                    + "lifetime longer, or this shorter)"
            )
        ),
        Mistake(
            adding: "[session]\nlifetime = \"1m\""
        ),
        Mistake(
            adding: "[session]\nlifetime = \"1m\"\nidle = \"2m\"\nfresh_for = \"3m\"",
            .init(
                "20:8 error",
                "session.idle: is longer than session.lifetime, which ends the session before (make the "
                    + "lifetime longer, or this shorter)"
            ),
            .init(
                "21:13 error",
                "session.fresh_for: is longer than session.lifetime, which ends the session before (make "
                    + "the lifetime longer, or this shorter)"
            )
        ),
        Mistake(
            adding: "[session.cookie]\ndomain = \"example.org\"",
            .init(
                "19:10 error",
                "session.cookie.domain: a __Host- cookie can have no domain (remove the domain, or write "
                    + "name = \"__Secure-ent_login\")"
            )
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"sid\"\ndomain = \"example.org\"",
            .init(
                "20:10 error",
                "session.cookie.domain: a domain needs a __Secure- name (remove the domain, or write "
                    + "name = \"__Secure-ent_login\")"
            )
        ),
        Mistake(
            adding: "[remember.cookie]\nname = \"__Host-ent_login_visitor\"",
            .init("19:8 error", "remember.cookie.name: the portal has another cookie of this name (choose another)")
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"__Secure-sid\"\ndomain = \"org\"",
            .init("20:10 error", "session.cookie.domain: \"org\" is not a domain (write for example \"example.org\")")
        ),
        Mistake(
            adding: "[session.cookie]\nsecure = false",
            .init(
                "19:10 error",
                "session.cookie.secure: secure = false contradicts the name \"__Host-ent_login\" (write "
                    + "secure = true, or a name without prefix)"
            )
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"sid\"\nsecure = false"
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"sid\"\nsecure = false\n[portal]\nlisten = \"0.0.0.0:80\"\npublic_url "
                + "= \"https://login.example.org\"",
            .init(
                "20:10 error",
                "session.cookie.secure: secure = false is for a portal on loopback, and this one is "
                    + "reached as https://login.example.org (write secure = true)"
            ),
            .init(
                "22:10 warning",
                "portal.listen: 0.0.0.0:80 answers other machines without TLS (add [portal.tls], or "
                    + "listen on 127.0.0.1 behind a proxy)"
            )
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"sid\"\nsecure = false\n[portal]\npublic_url = "
                + "\"http://localhost:8423\""
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"a b\"\nsame_site = \"none\"",
            .init(
                "19:8 error",
                "session.cookie.name: \"a b\" cannot be a cookie's name (write for example " + "\"__Host-ent_login\")"
            ),
            .init(
                "20:13 error",
                "session.cookie.same_site: \"none\" is not known here (write one of \"strict\", \"lax\")"
            )
        ),
        Mistake(
            adding: "[remember.cookie]\nname = \"__Host-ent_login\"",
            .init(
                "19:8 error",
                "remember.cookie.name: the session and the remember-me cookie have the same name (choose " + "another)"
            )
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"__Secure-sid\"\ndomain = \"example.com\"\n[portal]\npublic_url = "
                + "\"https://login.example.org\"",
            .init(
                "20:10 error",
                "session.cookie.domain: the portal at login.example.org cannot set cookies for "
                    + "example.com (choose a domain that portal.public_url lies in)"
            )
        ),
    ]

    /// The portal and its access rules.
    static let portals: [Mistake] = [
        Mistake(
            adding: "[portal]\nlisten = \"127.0.0.1:8423\"",
            .init("18:1 error", "portal.public_url: is missing (add public_url = \"https://login.example.org\")")
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"http://login.example.org\"",
            .init(
                "19:14 error",
                "portal.public_url: passwords would cross the network in clear (write https://, by "
                    + "portal.tls or a proxy)"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org/sso\"",
            .init(
                "19:14 error",
                "portal.public_url: \"https://login.example.org/sso\" is not the URL of a host (write for "
                    + "example \"https://login.example.org\", without a path)"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\nsocket = \"/\(longName)\"",
            .init(
                "20:10 error",
                "portal.socket: the socket \"/\(longName.prefix(79))…\" has 108 bytes, and the system takes 107 at most (choose a "
                    + "shorter path, such as socket = \"/run/ent-login/portal.socket\")"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\nlisten = \"8423\"",
            .init(
                "20:10 error",
                "portal.listen: \"8423\" is not an address and port (write for example \"127.0.0.1:8423\" or "
                    + "\"[::1]:8423\")"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\nlisten = \"127.0.0.1:8424\"",
            .init(
                "20:10 error",
                "portal.listen: portal.listen and portal.internal_listen are the same, so metrics would "
                    + "be public (choose another port)"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\nlisten = \"0.0.0.0:8423\"\n"
                + "internal_listen = \"0.0.0.0:8424\"",
            .init(
                "20:10 warning",
                "portal.listen: 0.0.0.0:8423 answers other machines without TLS (add [portal.tls], or "
                    + "listen on 127.0.0.1 behind a proxy)"
            ),
            .init(
                "21:19 warning",
                "portal.internal_listen: 0.0.0.0:8424 can be reached from other machines: see that only "
                    + "proxies and monitoring can (listen on 127.0.0.1, or guard the port)"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\ntrusted_proxies = [\"0.0.0.0/0\", "
                + "\"10.0.0.1/8\", \"proxy\"]",
            .init(
                "20:33 error",
                "portal.trusted_proxies[1]: \"10.0.0.1/8\" is not a network (write for example " + "\"10.0.0.0/8\")"
            ),
            .init(
                "20:47 error",
                "portal.trusted_proxies[2]: \"proxy\" is not a network (write for example \"10.0.0.0/8\")"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\ntrusted_proxies = [\"::/0\"]",
            .init(
                "20:20 error",
                "portal.trusted_proxies[0]: trusts everybody to say where requests come from (name the "
                    + "proxies' addresses)"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\nredirect_hosts = [\"*\", "
                + "\"*.example.org\", \"https://x.org\"]",
            .init(
                "20:19 error",
                "portal.redirect_hosts[0]: \"*\" is neither a host name nor *. and a domain (write for "
                    + "example \"*.example.org\")"
            ),
            .init(
                "20:41 error",
                "portal.redirect_hosts[2]: \"https://x.org\" is neither a host name nor *. and a domain "
                    + "(write for example \"*.example.org\")"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\ntls = { certificate_file = \"/c.pem\" }",
            .init("20:7 error", "portal.tls.key_file: is missing (add key_file = \"/etc/ent-login/portal.key\")")
        ),
        Mistake(
            adding: "\(guarded)hsot = "
                + "\"wiki.example.org\"",
            .init("21:1 error", "portal.access[0].host: is missing (add host = \"wiki.example.org\")"),
            .init("22:1 error", "portal.access[0].hsot: unknown key (did you mean `host`?)")
        ),
        Mistake(
            adding: "\(guarded)host = "
                + "\"wiki.example.org\"\nallow = \"everyone\"\ngroups = { any = [\"x\"] }",
            .init(
                "24:10 error",
                "portal.access[0].groups: has no meaning with allow = \"everyone\" (remove it, or write "
                    + "allow = \"active\")"
            )
        ),
        Mistake(
            adding: "\(guarded)host = "
                + "\"wiki.example.org\"\npaths = [\"/a\", \"b\", \"/../c\", \"/d%2f\"]\nmethods = [\"get\"]",
            .init(
                "23:16 error",
                "portal.access[0].paths[1]: \"b\" does not begin with / (write for example \"/docs\")"
            ),
            .init(
                "23:21 error",
                "portal.access[0].paths[2]: \"/../c\" must be a plain path, without escapes, dots, "
                    + "parameters or // (write for example \"/docs\")"
            ),
            .init(
                "23:30 error",
                "portal.access[0].paths[3]: \"/d%2f\" must be a plain path, without escapes, dots, "
                    + "parameters or // (write for example \"/docs\")"
            ),
            .init(
                "24:12 error",
                "portal.access[0].methods[0]: \"get\" is not a method in capitals (write for example \"GET\")"
            )
        ),
        Mistake(
            adding: "\(guarded)host = "
                + "\"wiki.example.org\"\ngroups = [\"wiki\"]",
            .init(
                "23:10 error",
                "portal.access[0].groups: must be a rule with at least one of all, any and none (write "
                    + "for example { any = [\"a\", \"b\"] })"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\naccess = { host = \"x\" }",
            .init(
                "20:10 error",
                "portal.access: must be a list of tables, not a table (write for example " + "[[portal.access]])"
            )
        ),
        Mistake(
            "directory = \"corp\"\nall = [\"employees\"]",
            "everyone = true",
            adding: "\(guarded)host = "
                + "\"w.example.org\"\ngroups = { any = [\"x\"] }",
            .init(
                "22:10 error",
                "portal.access[0].groups: [active] names neither directory nor source, so nobody's "
                    + "groups are known (add directory = \"NAME\" to [active])"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\n[[portal.access]]\nhost = \"w.example.org\"",
            .init(
                "20:1 error",
                "portal.access[0]: there are rules for protected hosts, and no proxy may ask about them (name the "
                    + "proxies' addresses: trusted_proxies = [\"127.0.0.1/32\"])"
            )
        ),
        Mistake(
            adding: "[portal]\npublic_url = \"https://login.example.org\"\ninternal_listen = \"\"\n"
                + "trusted_proxies = [\"::1\"]\n[[portal.access]]\nhost = \"w.example.org\"",
            .init(
                "20:19 error",
                "portal.internal_listen: there are rules for protected hosts, and proxies have no place to ask about "
                    + "them (remove the line, or name an address such as \"127.0.0.1:8424\")"
            )
        ),
        Mistake(
            adding: "[session.cookie]\nname = \"__Secure-sid\"\ndomain = \"example.org\"\n\(guarded)"
                + "host = \"wiki.example.com\"\n[[portal.access]]\nhost = \"docs.example.org\"",
            .init(
                "25:8 error",
                "portal.access[0].host: wiki.example.com does not get the cookie of session.cookie.domain = "
                    + "\"example.org\" (name a host of that domain, or remove session.cookie.domain)"
            ),
            .init(
                "27:8 error",
                "portal.access[1].host: nobody can come back to docs.example.org after a login: portal.redirect_hosts "
                    + "does not name it (add \"docs.example.org\" to portal.redirect_hosts)"
            )
        ),
    ]
}
