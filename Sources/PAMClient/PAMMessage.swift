/// A text that a module wants the person to read (`PAM_TEXT_INFO`, `PAM_ERROR_MSG`).
public struct PAMMessage: Hashable, Sendable {
    /// What kind of text it is.
    public enum Kind: UInt8, Hashable, Sendable {
        /// Information, such as "your password expires in 3 days".
        case information = 0
        /// An error, such as "account locked".
        case error = 1
    }

    /// The most bytes kept of one text; `PAM_MAX_MSG_SIZE` is 512, but libpam enforces nothing.
    public static let maximumBytes = 1024

    /// What kind of text it is.
    public let kind: Kind

    /// The text, made safe for a terminal: control characters but newline and tab are replaced.
    public let text: String

    /// Keeps a text of a module's.
    /// - Parameters:
    ///   - kind: What kind of text it is.
    ///   - text: The text as it came; cut to ``maximumBytes`` and cleaned of control characters.
    public init(kind: Kind, text: String) {
        self.kind = kind
        self.text = Self.clean(text)
    }

    static func clean(_ text: String) -> String {
        var cleaned = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            let isSafe = scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
            let kept: Unicode.Scalar = isSafe ? scalar : "\u{FFFD}"
            bytes += UTF8.width(kept)
            guard bytes <= maximumBytes else { break }
            cleaned.append(kept)
        }
        return String(cleaned)
    }
}
