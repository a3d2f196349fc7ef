public import HostSystem

/// Why the local socket cannot be used.
public enum LocalSocketError: Error, Sendable, Hashable {
    /// Somebody listens there already.
    case inUse(path: String)
    /// The socket cannot be opened.
    case notOpened(path: String, HostError)
    /// Whoever listens there is not to be trusted with a password.
    case notTrusted(path: String, detail: String)
    /// There was no answer: the portal ended, or did not answer in time.
    case noAnswer(path: String, detail: String)
    /// What came back is no answer of this version.
    case badAnswer(path: String, detail: String)
}

extension LocalSocketError: CustomStringConvertible {
    /// One sentence for the operator, with what to do.
    public var description: String {
        switch self {
        case .inUse(let path):
            "another process listens at \(path); end it first, or name another path as portal.socket"
        case .notOpened(let path, let error):
            "the local socket \(path) cannot be opened: \(error)"
        case .notTrusted(let path, let detail):
            "\(path) is not to be trusted: \(detail)"
        case .noAnswer(let path, let detail):
            "the portal at \(path) did not answer: \(detail)"
        case .badAnswer(let path, let detail):
            "the portal at \(path) gave an answer that is not understood (\(detail)); is it of another version?"
        }
    }
}
