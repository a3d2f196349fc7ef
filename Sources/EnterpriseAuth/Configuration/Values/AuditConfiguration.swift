/// `[audit]`: where login events go.
public struct AuditConfiguration: Sendable, Equatable {
    /// A file that gets one JSON object a line; nil sends the events to the log.
    public var file: String?

    /// Makes the default: events go to the log.
    public init() {}
}
