public import Logging

/// Writes login events to a `Logger`: each field of the event is a piece of metadata.
public struct LoggerAuditLog: AuditLog {
    private let logger: Logger

    /// Makes an audit log of a logger.
    /// - Parameter logger: Takes the events: successes as `info`, outages and failures of ours as `warning`, the rest as
    ///   `notice`.
    public init(_ logger: Logger) {
        self.logger = logger
    }

    /// Writes one event.
    /// - Parameter event: What happened.
    public func record(_ event: LoginEvent) {
        let level: Logger.Level =
            switch event.outcome {
            case .success: .info
            case .unavailable: .warning
            case .refused, .challenge, .passwordChangeRequired: .notice
            }
        logger.log(
            level: level,
            "\(event.kind.rawValue): \(event.outcome.rawValue)",
            metadata: Logger.Metadata(
                uniqueKeysWithValues: event.fields.map { ($0.name, .string(EscapedText.escaped($0.value, as: .json))) }
            )
        )
    }
}
