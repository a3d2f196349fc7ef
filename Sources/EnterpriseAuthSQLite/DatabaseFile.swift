internal import EnterpriseAuth
internal import HostSystem

/// The database file before SQLite sees it: locked, private, there.
enum DatabaseFile {
    /// EPERM, EACCES, EROFS (errno(3)).
    private static let permissionErrors: Set<Int32> = [1, 13, 30]

    /// Takes the lock, and makes the file with its permissions, which SQLite gives to `-wal` and `-shm` too.
    static func prepare(_ path: String, lockPath: String) throws(SQLiteStoreOpenError) -> FileLock {
        guard let lock = try asking(path, { () throws(HostError) in try FileLock.tryAcquire(lockPath) }) else {
            throw .inUse(path: path, processID: FileLock.holder(of: lockPath))
        }
        let facts = try asking(path) { () throws(HostError) -> FileFacts in
            if try !HostFile.exists(path) { try HostFile.writeAtomically([], to: path, mode: 0o600) }
            let facts = try HostFile.facts(of: path)
            guard facts.isRegular else { throw HostError(.notRegularFile, call: "open", subject: path) }
            return facts
        }
        guard !facts.isReadableByOthers, !facts.isWritableByOthers else { throw .openToOthers(path: path) }
        return lock
    }

    private static func asking<Value>(
        _ path: String,
        _ body: () throws(HostError) -> Value
    ) throws(SQLiteStoreOpenError) -> Value {
        do throws(HostError) {
            return try body()
        } catch {
            if let code = error.code, permissionErrors.contains(code) {
                throw .notPermitted(path: path, detail: "\(error)")
            }
            throw .failed(SessionStoreError(step: "open", code: error.code.map(Int.init), detail: "\(error)"))
        }
    }
}
