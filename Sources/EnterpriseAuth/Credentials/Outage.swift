/// Why nobody could answer: never to be mistaken for a no, and never for a yes.
public struct Outage: Error, Sendable, Hashable {
    /// The one text for every outage.
    public static let publicText = "The login service is temporarily unavailable. Please try again in a moment."

    private struct Facts: Sendable, Hashable {
        let kind: Kind
        let source: String
        let server: String?
        let step: String
        let code: Int?
        let detail: String
    }

    /// On the heap: whatever can fail holds room for an outage, which hardly ever comes.
    private indirect enum Box: Sendable, Hashable {
        case facts(Facts)
    }

    private let box: Box

    private var facts: Facts {
        switch box {
        case .facts(let facts): facts
        }
    }

    /// What went wrong.
    public var kind: Kind { facts.kind }

    /// The configured name of the directory or provider that did not answer.
    public var source: String { facts.source }

    /// The server that was asked, as it stands in the configuration; nil where there is none or several were asked.
    public var server: String? { facts.server }

    /// The step that failed, such as `resolve`, `connect`, `start_tls`, `bind`, `search`, `groups` or `worker`.
    public var step: String { facts.step }

    /// The result code of the step (LDAP result code, PAM status, errno), if there was one.
    public var code: Int? { facts.code }

    /// One line for the operator, never with a secret.
    public var detail: String { facts.detail }

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
        box = .facts(Facts(kind: kind, source: source, server: server, step: step, code: code, detail: detail))
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
