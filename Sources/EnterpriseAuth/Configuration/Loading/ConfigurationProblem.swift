/// One thing that is wrong or doubtful in a configuration.
///
/// No part of it ever holds a secret.
public struct ConfigurationProblem: Error, Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable {
        /// The configuration cannot be used.
        case error
        /// The configuration can be used, and probably does not do what was meant.
        case warning
    }

    /// How bad it is.
    public var severity: Severity
    /// Where it is written.
    public var position: ConfigurationPosition
    /// The key, as a path of dotted names: `directories.corp.urls[1]`.
    public var key: String
    /// What is wrong, as one sentence without a full stop.
    public var message: String
    /// What to do about it, as one sentence without a full stop.
    public var fix: String

    /// Makes a problem.
    /// - Parameters:
    ///   - severity: How bad it is.
    ///   - position: Where it is written.
    ///   - key: The key, as a path of dotted names.
    ///   - message: What is wrong.
    ///   - fix: What to do about it.
    public init(
        _ severity: Severity,
        at position: ConfigurationPosition,
        key: String,
        message: String,
        fix: String
    ) {
        self.severity = severity
        self.position = position
        self.key = key
        self.message = message
        self.fix = fix
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `file:line:column: error: key: message (fix)`, one line.
    public var description: String {
        let subject = key.isEmpty ? "" : "\(key): "
        return "\(position): \(severity): \(subject)\(message)\(fix.isEmpty ? "" : " (\(fix))")"
    }
}
