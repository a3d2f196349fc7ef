/// How a process ended.
public enum ExitStatus: Sendable, Hashable {
    /// It called `exit` with this code.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)
    /// Somebody else in this process has taken the status away, for example because `SIGCHLD` is ignored.
    case unknown
}

extension ExitStatus: CustomStringConvertible {
    /// Words for a log, such as `ended by signal 9`.
    public var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .signalled(let signal): "ended by signal \(signal)"
        case .unknown: "ended, nobody knows how"
        }
    }
}
