internal import CLDAPShim
internal import Glibc

/// The C library as a whole.
public enum LDAPLibrary {
    /// Prepares the C library; call it first thing in `main`, while there is one thread.
    ///
    /// libldap's first call reads `ldap.conf`, `~/.ldaprc` and `LDAP*` variables into process-wide defaults, looks the
    /// host's own name up, and is not safe when several threads make it. This function switches the reading off
    /// (`LDAPNOINIT`, ldap.conf(5)) and makes that call. A program that never calls this loses little: opening the
    /// first connection prepares the library too, without touching the environment, and every connection sets every
    /// option that matters by itself, so that no file can weaken TLS either way.
    public static func initialise() {
        _ = unsafe setenv("LDAPNOINIT", "1", 1)
        prepare()
    }

    /// Makes the first call if nobody has; it may wait for a name server.
    static func prepare() {
        _ = firstCall
    }

    /// Any call would do; this one has no other effect.
    private static let firstCall: Void = {
        var level: Int32 = 0
        _ = unsafe ldap_get_option(nil, LDAP_OPT_DEBUG_LEVEL, &level)
    }()
}
