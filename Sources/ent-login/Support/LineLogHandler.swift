internal import EnterpriseAuth
internal import HostSystem
internal import Logging
internal import Synchronization

/// Writes log lines to the standard error, one line a message whatever is in it.
///
/// Control characters are escaped, so that nobody can forge a line with a user name (OWASP ASVS 16.4.1).
struct LineLogHandler: LogHandler {
    /// The form of a line.
    enum Format { case text, json }

    /// The form of all lines from now on; set once the configuration is read.
    static let format = Mutex(Format.text)

    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, logLevel: Logger.Level) {
        (self.label, self.logLevel) = (label, logLevel)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        let time = Timestamp(milliseconds: SystemWallClock().nowMilliseconds).description
        let line =
            switch Self.format.withLock({ $0 }) {
            case .text: Self.text(time, event.level, label, event.message.description, fields)
            case .json: Self.json(time, event.level, label, event.message.description, fields)
            }
        // Nobody is left to tell when the standard error itself is gone.
        try? StandardStream.error.write(line)
    }

    static func text(
        _ time: String,
        _ level: Logger.Level,
        _ label: String,
        _ message: String,
        _ fields: Logger.Metadata
    ) -> String {
        let pairs = fields.sorted { $0.key < $1.key }.map { key, value in
            " \(key)=\(PlainText.quoted(value.description))"
        }
        return "\(time) \(level) \(label): \(PlainText.escaped(message))\(pairs.joined())\n"
    }

    static func json(
        _ time: String,
        _ level: Logger.Level,
        _ label: String,
        _ message: String,
        _ fields: Logger.Metadata
    ) -> String {
        var object = fields.mapValues(\.description)
        (object["time"], object["level"], object["label"], object["message"]) = (time, "\(level)", label, message)
        return (try? Output.json(object)) ?? text(time, level, label, message, fields)
    }
}
