internal import Foundation

extension SlapdServer {
    /// Changes entries as the administrator, with LDIF as for ldapmodify(1).
    ///
    /// Records without `changetype` are added. Operational attributes that no user may set are accepted
    /// (relax control).
    ///
    /// - Parameter ldif: The changes.
    /// - Throws: ``TestBedError`` with what the server said.
    public func modify(_ ldif: String) async throws {
        let result = try await tool("ldapmodify", ["-a", "-e", "!relax"], as: adminDN, adminPassword, input: ldif)
        try result.check("ldapmodify")
    }

    /// Changes the running server's configuration, with LDIF for entries below `cn=config`; lost on restart.
    ///
    /// - Parameter ldif: The changes.
    /// - Throws: ``TestBedError`` with what the server said.
    public func configure(_ ldif: String) async throws {
        let result = try await tool(
            "ldapmodify",
            [],
            as: self.value("CONFIG_DN"),
            value("CONFIG_PASSWORD"),
            input: ldif
        )
        try result.check("ldapmodify")
    }

    /// Searches as the administrator.
    ///
    /// - Parameters:
    ///   - base: Where to begin; the whole subtree is searched.
    ///   - filter: An LDAP filter.
    ///   - attributes: Which attributes to return; `+` for the operational ones.
    /// - Returns: LDIF, one line a value.
    /// - Throws: ``TestBedError`` with what the server said.
    public func search(_ base: String, _ filter: String, _ attributes: [String] = []) async throws -> String {
        let options = ["-LLL", "-o", "ldif-wrap=no", "-b", base, filter] + attributes
        let result = try await tool("ldapsearch", options, as: adminDN, adminPassword)
        try result.check("ldapsearch")
        return result.output
    }

    /// Binds with ldapwhoami(1), asking for the password-policy control: what a plain client of OpenLDAP is told.
    ///
    /// - Parameters:
    ///   - dn: Whose password.
    ///   - password: The password, byte for byte.
    ///   - options: More options, for example `-ZZ` for StartTLS.
    /// - Returns: Everything ldapwhoami printed, and its status.
    /// - Throws: ``TestBedError`` when it cannot be run.
    public func whoAmI(_ dn: String, _ password: String, options: [String] = []) async throws -> Command {
        try await tool("ldapwhoami", ["-e", "ppolicy"] + options, as: dn, password)
    }

    private func tool(
        _ name: String,
        _ options: [String],
        as dn: String,
        _ password: String,
        input: String = ""
    ) async throws -> Command {
        let scratch = try ScratchDirectory(name: "ldap")
        defer { scratch.remove() }
        let secret = try scratch.write(password, to: "secret")
        let environment = ["LDAPTLS_CACERT": caFile, "LDAPTIMEOUT": "20", "LDAPCONF": "/dev/null"]
        let arguments = ["-x", "-H", ldapURL, "-D", dn, "-y", secret] + options
        return try await Command.run(name, arguments, input: input, environment: environment, limit: .seconds(30))
    }
}

extension Command {
    /// Throws unless the program ended with status 0.
    ///
    /// - Parameter name: What to call it in the error.
    /// - Throws: ``TestBedError`` with its status and what it printed to standard error.
    public func check(_ name: String) throws {
        if timedOut { throw TestBedError("\(name) did not end in time: \(errors)") }
        if status != 0 { throw TestBedError("\(name) ended with \(status): \(errors)") }
    }
}
