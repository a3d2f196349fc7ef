/// How reading the configuration again ended.
public enum ReloadResult: Sendable, Equatable {
    /// The new configuration is in use; what is doubtful about it.
    case reloaded(warnings: [String])
    /// The one before stays in use: the new one is wrong.
    case misconfigured(problems: [String])
    /// The one before stays in use: nobody could say whether the new one works.
    case unavailable(problems: [String])
}
