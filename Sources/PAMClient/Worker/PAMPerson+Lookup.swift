internal import Glibc

extension PAMPerson {
    /// The most bytes of one entry; getpwnam_r(3) says when its buffer is too small.
    private static let maximumEntryBytes = 1 << 20

    /// Asks the host's user database, blocking for as long as its modules like.
    /// - Parameter name: The name; no NUL inside.
    /// - Returns: What it says.
    static func lookUp(_ name: String) -> PAMPerson {
        var room = 4096
        while room <= maximumEntryBytes {
            var entry = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            var buffer = [CChar](repeating: 0, count: room)
            let code = unsafe getpwnam_r(name, &entry, &buffer, room, &found)
            if code == ERANGE {
                room *= 4
                continue
            }
            return unsafe person(found, code: code)
        }
        return .unavailable(ERANGE)
    }

    private static func person(_ found: UnsafeMutablePointer<passwd>?, code: Int32) -> PAMPerson {
        guard let found = unsafe found else {
            // getpwnam(3): these numbers too are used for "nobody", depending on the module that was asked.
            return [0, ENOENT, ESRCH].contains(code) ? .unknown : .unavailable(code)
        }
        guard let name = unsafe found.pointee.pw_name, let spelled = unsafe String(validatingCString: name) else {
            return .unknown
        }
        return unsafe .known(name: spelled, uid: found.pointee.pw_uid)
    }
}
