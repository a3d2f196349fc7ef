/// The least that a login against a directory needs: a configuration file that tests write, and change in places.
public enum SampleConfiguration {
    /// A configuration; its values are those of the documentation unless a test says otherwise.
    ///
    /// - Parameters:
    ///   - url: Where the directory's server is.
    ///   - base: The DN below which everything lies.
    ///   - reader: The service account.
    ///   - secret: The file with the service account's password.
    ///   - more: Further tables.
    /// - Returns: The text of the file.
    public static func minimal(
        url: String = "ldaps://ldap.example.org",
        base: String = "dc=example,dc=org",
        reader: String = "cn=reader,dc=example,dc=org",
        secret: String = "/etc/ent-login/reader.secret",
        more: String = ""
    ) -> String {
        """
        [login]
        providers = ["corp"]

        [providers.corp]
        type = "ldap"
        directory = "corp"

        [directories.corp]
        preset = "openldap"
        urls = ["\(url)"]
        base = "\(base)"
        bind_dn = "\(reader)"
        bind_password = { file = "\(secret)" }

        [active]
        directory = "corp"
        all = ["employees"]
        """ + (more.isEmpty ? "" : "\n\n" + more)
    }

    /// A configuration against a server of the test bed, with every refusal answered at once.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - scratch: Where the secret is written, and sessions are kept.
    ///   - url: Another address to ask instead of the server's.
    /// - Returns: The path of the file.
    /// - Throws: ``TestBedError`` when it cannot be written.
    public static func write(for server: SlapdServer, in scratch: ScratchDirectory, url: String? = nil) throws -> String
    {
        let more = """
            [directories.corp.tls]
            ca_file = "\(server.caFile)"

            [session]
            store = "sqlite:\(scratch.path("sessions.sqlite"))"
            """
        let text = minimal(
            url: url ?? server.ldapURL,
            base: server.baseDN,
            reader: server.readerDN,
            secret: try scratch.write(server.readerPassword, to: "reader.secret"),
            more: more
        )
        let quick = "[login]\ndeadline = \"20s\"\nrefusal_time = \"0s\""
        return try scratch.write(text.replacing("[login]", with: quick), to: "ent-login.toml")
    }
}
