internal import EnterpriseAuth
internal import HostSystem

/// The database file before SQLite sees it: locked, private, there.
enum DatabaseFile {
    /// EPERM, EACCES, EROFS (errno(3)).
    private static let permissionErrors: Set<Int32> = [1, 13, 30]

    /// Takes the lock, and makes the file with its permissions, which SQLite gives to `-wal` and `-shm` too.
    ///
    /// Who could change one of these files, or put another in its place, could make sessions: all of them must be this
    /// user's own, in a directory where nobody else may write.
    static func prepare(_ path: String, lockPath: String) throws(SQLiteStoreOpenError) -> FileLock {
        try checkDirectory(of: path)
        try checkOwn(lockPath)
        guard let lock = try asking(path, { () throws(HostError) in try FileLock.tryAcquire(lockPath) }) else {
            throw .inUse(path: path, processID: FileLock.holder(of: lockPath))
        }
        try asking(path) { () throws(HostError) in
            if try !HostFile.exists(path) { try HostFile.writeAtomically([], to: path, mode: 0o600) }
        }
        for file in [path, path + "-wal", path + "-shm"] { try checkOwn(file) }
        return lock
    }

    /// Accepts a private file of this user, or nothing at all; a symbolic link is neither.
    private static func checkOwn(_ path: String) throws(SQLiteStoreOpenError) {
        guard let facts = try facts(of: path, for: path, followLinks: false) else { return }
        guard facts.isRegular else {
            throw .failed(SessionStoreError(step: "open", detail: "\(path) is a link, or else no ordinary file"))
        }
        guard facts.ownerID == HostEnvironment.effectiveUserID else {
            throw .notPermitted(path: path, detail: "it belongs to user \(facts.ownerID)")
        }
        guard !facts.isReadableByOthers, !facts.isWritableByOthers else { throw .openToOthers(path: path) }
    }

    /// What stands at a path; nil if there is nothing.
    private static func facts(
        of path: String,
        for database: String,
        followLinks: Bool
    ) throws(SQLiteStoreOpenError) -> FileFacts? {
        do throws(HostError) {
            return try HostFile.facts(of: path, followLinks: followLinks)
        } catch {
            if error.isNotFound { return nil }
            throw problem(error, database)
        }
    }

    /// A directory that is missing is told by the attempt to make a file in it.
    private static func checkDirectory(of path: String) throws(SQLiteStoreOpenError) {
        let directory = HostFile.folder(of: path)
        guard let facts = try facts(of: directory, for: path, followLinks: true) else { return }
        guard [0, HostEnvironment.effectiveUserID].contains(facts.ownerID) else {
            throw .notPermitted(path: path, detail: "its directory belongs to user \(facts.ownerID)")
        }
        guard !facts.isWritableByOthers else {
            throw .directoryOpenToOthers(path: path, directory: directory)
        }
    }

    private static func asking<Value>(
        _ path: String,
        _ body: () throws(HostError) -> Value
    ) throws(SQLiteStoreOpenError) -> Value {
        do throws(HostError) {
            return try body()
        } catch {
            throw problem(error, path)
        }
    }

    private static func problem(_ error: HostError, _ path: String) -> SQLiteStoreOpenError {
        if let code = error.code, permissionErrors.contains(code) {
            return .notPermitted(path: path, detail: "\(error)")
        }
        return .failed(SessionStoreError(step: "open", code: error.code.map(Int.init), detail: "\(error)"))
    }
}
