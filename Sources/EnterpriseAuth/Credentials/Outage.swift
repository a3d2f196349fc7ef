/// Why nobody could answer: never to be mistaken for a no, and never for a yes.
public struct Outage: Error, Sendable, Hashable {
    /// The one text for every outage.
    public static let publicText = "The login service is temporarily unavailable. Please try again in a moment."

    /// What went wrong.
    public let kind: Kind

    /// The configured name of the directory or provider that did not answer.
    public let source: String

    /// The server that was asked, as it stands in the configuration; nil where there is none or several were asked.
    public let server: String?

    /// The step that failed, such as `resolve`, `connect`, `start_tls`, `bind`, `search`, `groups` or `worker`.
    public let step: String

    /// The result code of the step (LDAP result code, PAM status, errno), if there was one.
    public let code: Int?

    /// One line for the operator, never with a secret.
    public let detail: String

    /// Puts an outage together.
    /// - Parameters:
    ///   - kind: What went wrong.
    ///   - source: The configured name of the directory or provider.
    ///   - server: The server that was asked.
    ///   - step: The step that failed.
    ///   - code: The result code of the step.
    ///   - detail: One line for the operator.
    public init(
        _ kind: Kind,
        source: String,
        server: String? = nil,
        step: String,
        code: Int? = nil,
        detail: String
    ) {
        self.kind = kind
        self.source = source
        self.server = server
        self.step = step
        self.code = code
        self.detail = detail
    }
}

extension Outage: CustomStringConvertible {
    /// One line: source, server, step, code, detail.
    public var description: String {
        var text = "\(source): \(step)"
        if let server { text += " at \(server)" }
        if let code { text += " (code \(code))" }
        return "\(text): \(detail)"
    }
}
