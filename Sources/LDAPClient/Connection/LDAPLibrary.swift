internal import CLDAPShim
internal import Glibc
internal import HostSystem
internal import Synchronization

/// The C library as a whole.
public enum LDAPLibrary {
    private enum State {
        case untouched
        case preparing([OneShot<Void>])
        case ready
    }

    private static let state = Mutex(State.untouched)

    /// Prepares the C library; call it first thing in `main`, while there is one thread.
    ///
    /// libldap's first call reads `ldap.conf`, `~/.ldaprc` and `LDAP*` variables into process-wide defaults, looks the
    /// host's own name up, and is not safe when several threads make it. This function switches the reading off
    /// (`LDAPNOINIT`, ldap.conf(5)) and makes that call. A program that never calls this loses little: opening the
    /// first connection prepares the library too, without touching the environment, and every connection sets every
    /// option that matters by itself, so that no file can weaken TLS either way.
    public static func initialise() {
        _ = unsafe setenv("LDAPNOINIT", "1", 1)
        firstCall()
        finish()
    }

    /// Prepares the library if nobody has; the first call may wait for a name server, so it gets a thread of its own.
    static func prepare(deadline: ContinuousClock.Instant) async throws(HostError) {
        let done = OneShot<Void>()
        let (isReady, mustStart) = state.withLock { state -> (Bool, Bool) in
            switch state {
            case .ready:
                return (true, false)
            case .untouched:
                state = .preparing([done])
                return (false, true)
            case .preparing(let waiting):
                state = .preparing(waiting + [done])
                return (false, false)
            }
        }
        if isReady { return }
        if mustStart {
            do {
                try HostThread.start(name: "ldap-init") {
                    firstCall()
                    finish()
                }
            } catch {
                state.withLock { $0 = .untouched }
                throw error
            }
        }
        try await done.value(deadline: deadline, call: "ldap_create")
    }

    /// Any call would do; this one has no other effect.
    private static func firstCall() {
        var level: Int32 = 0
        _ = unsafe ldap_get_option(nil, LDAP_OPT_DEBUG_LEVEL, &level)
    }

    private static func finish() {
        let waiting = state.withLock { state -> [OneShot<Void>] in
            defer { state = .ready }
            if case .preparing(let waiting) = state { return waiting }
            return []
        }
        for one in waiting { one.fill(.success(())) }
    }
}
