public import EnterpriseAuth

/// What the source wants the person to know.
public struct NoticeRecord: Codable, Sendable, Equatable {
    /// What it is about: `password_expires`, `grace_logins` or `message`.
    public var kind: String
    /// In how many seconds the password expires.
    public var seconds: Int64?
    /// How many more times an expired password can be used.
    public var remaining: Int?
    /// The notice in words.
    public var text: String

    /// Describes a notice.
    /// - Parameter notice: The notice.
    public init(_ notice: CredentialNotice) {
        switch notice {
        case .expires(let time):
            (kind, seconds) = ("password_expires", time.components.seconds)
            text = "The password expires in \(Self.inWords(time.components.seconds))."
        case .graceLogins(let remaining):
            (kind, self.remaining) = ("grace_logins", remaining)
            text = "The password has expired; it can be used \(remaining) more \(remaining == 1 ? "time" : "times")."
        case .message(let message):
            (kind, text) = ("message", message)
        }
    }

    private static func inWords(_ seconds: Int64) -> String {
        for (unit, length) in [("day", 86_400), ("hour", 3600), ("minute", 60)] as [(String, Int64)]
        where seconds >= length {
            let count = seconds / length
            return "\(count) \(unit)\(count == 1 ? "" : "s")"
        }
        return "less than a minute"
    }
}
