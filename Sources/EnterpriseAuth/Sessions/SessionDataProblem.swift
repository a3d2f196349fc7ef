/// Why something cannot be put into a session's data.
public enum SessionDataProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// All keys and values together would be more than `SessionData.maximumBytes`.
    case tooLarge

    /// One sentence for a developer.
    public var description: String {
        switch self {
        case .tooLarge: "a session keeps at most \(SessionData.maximumBytes) bytes of data"
        }
    }
}
