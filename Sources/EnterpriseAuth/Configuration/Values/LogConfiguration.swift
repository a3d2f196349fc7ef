/// `[log]`: what is written about the program's own doings.
public struct LogConfiguration: Sendable, Equatable {
    /// How much is written.
    public enum Level: String, Sendable, CaseIterable {
        /// Everything, for developers.
        case trace
        /// The steps of each decision.
        case debug
        /// What an operator wants to see on a good day.
        case info
        /// What happens seldom and is still right.
        case notice
        /// What may become a fault.
        case warning
        /// Faults only.
        case error
    }

    /// The form of a line.
    public enum Format: String, Sendable, CaseIterable {
        /// For people.
        case text
        /// One JSON object a line.
        case json
    }

    /// How much is written.
    public var level: Level = .info
    /// The form of a line.
    public var format: Format = .text

    /// Makes the default.
    public init() {}
}
