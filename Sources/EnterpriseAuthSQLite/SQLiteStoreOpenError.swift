public import EnterpriseAuth

/// Why a session database could not be opened.
public enum SQLiteStoreOpenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process has it open; its process id, if it left a note.
    case inUse(path: String, processID: Int32?)
    /// This user may not use the file or its directory.
    case notPermitted(path: String, detail: String)
    /// People other than the owner may read or change the file.
    case openToOthers(path: String)
    /// People other than the owner may replace the file.
    case directoryOpenToOthers(path: String, directory: String)
    /// A newer version of this program has written it.
    case newerVersion(path: String)
    /// Anything else.
    case failed(SessionStoreError)

    /// One sentence for the operator, with what to do.
    public var description: String {
        switch self {
        case .inUse(let path, let processID):
            let holder = processID.map { "process \($0)" } ?? "another process"
            return "\(path) is in use by \(holder); ask that process, or end it first"
        case .notPermitted(let path, let detail):
            return "\(path) cannot be used by this user (\(detail)); run as the owner of the file"
        case .openToOthers(let path):
            return "\(path) can be read or changed by other users; run: chmod 600 \(path)"
        case .directoryOpenToOthers(let path, let directory):
            return "\(path) can be replaced by other users; run: chmod go-w \(directory)"
        case .newerVersion(let path):
            return "\(path) was written by a newer version of this program; update the program"
        case .failed(let error):
            return error.description
        }
    }
}
