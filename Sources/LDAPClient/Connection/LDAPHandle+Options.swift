internal import CLDAPShim
internal import Glibc

extension LDAPHandle {
    /// Where distributions keep the authorities that the system trusts, the first that exists is used: Debian and its
    /// kin, Fedora and its kin, SUSE, Alpine.
    private static let systemAuthorities = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// Sets everything that a file of libldap or a variable could have set otherwise.
    func setOptions() throws(Failure) {
        try setNumber(LDAP_OPT_PROTOCOL_VERSION, 3)
        // Chasing would bind anonymously at whatever host the server names.
        try setFlag(LDAP_OPT_REFERRALS, false)
        try setFlag(LDAP_OPT_RESTART, true)
        try setNumber(LDAP_OPT_DEREF, LDAP_DEREF_NEVER)
        try setNumber(LDAP_OPT_SIZELIMIT, 0)
        try setNumber(LDAP_OPT_TIMELIMIT, 0)
        try setFlag(LDAP_OPT_X_SASL_NOCANON, true)
        // Nothing here waits in libldap; should a call ever do, it ends.
        try setTime(LDAP_OPT_TIMEOUT, .seconds(1))
    }

    /// Sets how TLS is verified; only for a handle that uses TLS, because it reads the files.
    func setTLSOptions(_ tls: LDAPTLSConfiguration) throws(Failure) {
        try setNumber(LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_DEMAND)
        // A certificate with alternative names must match one of them; one without is judged by its common name.
        try setNumber(LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_TRY)
        try setText(LDAP_OPT_X_TLS_PEERKEY_HASH, "")
        try setNumber(LDAP_OPT_X_TLS_PROTOCOL_MIN, tls.minimumVersion.rawValue)
        try setAuthorities(tls)
        if let certificate = tls.certificateFile {
            try readable(certificate)
            try setText(LDAP_OPT_X_TLS_CERTFILE, certificate)
        }
        if let key = tls.keyFile {
            try readable(key)
            try setText(LDAP_OPT_X_TLS_KEYFILE, key)
        }
        if let suites = cipherSuites(tls) { try setText(LDAP_OPT_X_TLS_CIPHER_SUITE, suites) }
        // Last: it builds the context from what is set by now, and without it the process-wide one would be used.
        do {
            try setNumber(LDAP_OPT_X_TLS_NEWCTX, 0)
        } catch {
            throw unusable("the certificates, the key or the cipher suites cannot be used: \(error.diagnostic)")
        }
    }

    private func setAuthorities(_ tls: LDAPTLSConfiguration) throws(Failure) {
        if let directory = tls.caDirectory {
            try readable(directory)
            try setText(LDAP_OPT_X_TLS_CACERTDIR, directory)
        }
        if let file = tls.caFile {
            try readable(file)
            try setText(LDAP_OPT_X_TLS_CACERTFILE, file)
        } else if tls.caDirectory == nil {
            // GnuTLS, which Debian's libldap uses, trusts nobody unless it is told whom.
            guard let file = LDAPHandle.systemAuthorities.first(where: { unsafe access($0, R_OK) == 0 }) else {
                throw unusable("the system has no list of trusted authorities; name a CA file")
            }
            try setText(LDAP_OPT_X_TLS_CACERTFILE, file)
        }
    }

    /// libldap on GnuTLS ignores the oldest version (its `tls_g.c` never looks at it), so it goes into the suites.
    private func cipherSuites(_ tls: LDAPTLSConfiguration) -> String? {
        guard packageName() == "GnuTLS" else { return tls.cipherSuites }
        let versions = tls.minimumVersion == .tls13 ? ":+VERS-TLS1.3" : ":+VERS-TLS1.3:+VERS-TLS1.2"
        return (tls.cipherSuites ?? "NORMAL") + ":-VERS-ALL" + versions
    }

    /// The TLS library that libldap was built with.
    private func packageName() -> String {
        var text: UnsafeMutablePointer<CChar>?
        _ = unsafe ldap_get_option(ld, LDAP_OPT_X_TLS_PACKAGE, &text)
        defer { unsafe ldap_memfree(text) }
        return unsafe text.map { unsafe String(cString: $0) } ?? ""
    }

    /// libldap's own message for a missing file is an empty one.
    private func readable(_ path: String) throws(Failure) {
        guard unsafe access(path, R_OK) == 0 else {
            throw unusable("cannot read \(path): \(unsafe String(cString: strerror(errno)))")
        }
    }

    private func unusable(_ text: String) -> Failure {
        Failure(code: .parameterError, diagnostic: text)
    }

    func setNumber(_ option: Int32, _ value: Int32) throws(Failure) {
        var value = value
        try checkOption(option, unsafe ldap_set_option(ld, option, &value))
    }

    func setFlag(_ option: Int32, _ value: Bool) throws(Failure) {
        try checkOption(option, unsafe cldap_set_flag(ld, option, value))
    }

    func setText(_ option: Int32, _ value: String) throws(Failure) {
        guard !value.utf8.contains(0) else { throw unusable("a setting holds a NUL byte") }
        try checkOption(option, unsafe ldap_set_option(ld, option, value))
    }

    func setTime(_ option: Int32, _ value: Duration) throws(Failure) {
        let (seconds, attoseconds) = max(value, .milliseconds(1)).components
        var time = timeval(tv_sec: Int(min(seconds, 1_000_000)), tv_usec: Int(attoseconds / 1_000_000_000_000))
        try checkOption(option, unsafe ldap_set_option(ld, option, &time))
    }

    private func checkOption(_ option: Int32, _ code: Int32) throws(Failure) {
        guard code == LDAP_OPT_SUCCESS else {
            let said = lastFailure().diagnostic
            throw unusable(said.isEmpty ? "libldap does not take option \(option)" : said)
        }
    }
}
