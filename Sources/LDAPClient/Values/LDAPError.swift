/// No answer could be had from a directory server, and why.
///
/// A result code that answers the question (wrong password, no such entry) is never thrown; it is part of the returned
/// value. ``description`` may be shown to an operator: it holds no password and no value of an entry, but it may hold
/// what the server said.
public struct LDAPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// How far the work had come.
    public enum Step: String, Sendable {
        /// Looking up the address of the server.
        case resolve
        /// Opening the socket.
        case connect
        /// The TLS handshake or setting up its certificates.
        case tls
        /// Asking the server to change to TLS.
        case startTLS = "start_tls"
        /// Binding.
        case bind
        /// Searching.
        case search
        /// An extended operation.
        case extended
        /// Waiting for a free connection of a pool.
        case lease
    }

    /// What kind of failure it is, which decides what a caller does next.
    public enum Reason: String, Sendable {
        /// The deadline has passed: the server may or may not have acted.
        case timedOut
        /// The task that asked was cancelled.
        case cancelled
        /// No connection to the server could be had: not resolved, refused, unreachable.
        case unreachable
        /// The connection broke while the answer was awaited, or was found broken.
        case connectionLost
        /// TLS failed: a certificate that is not trusted, has another name or is past its date, or no common version.
        case tlsFailed
        /// The server refused StartTLS. The connection was closed and nothing was sent in clear text.
        case startTLSRefused
        /// The service account was refused.
        case serviceBindRefused
        /// The request was refused by this client before anything was sent: an empty password, a NUL byte.
        case invalidRequest
        /// The server sent what is not LDAP, or not expected here.
        case protocolViolation
        /// The server sent more than this client takes for one question; what came is no answer.
        case tooLarge
        /// The connection or the pool was closed by its owner.
        case closed
        /// A file or a setting cannot be used.
        case misconfigured
    }

    private struct Facts: Sendable, Hashable {
        let reason: Reason
        let step: Step
        let code: LDAPResultCode
        let server: String
        let diagnostic: String
        let requestMayHaveBeenSent: Bool
        var waited: Duration = .zero
    }

    /// On the heap: whatever can fail holds room for an error, which hardly ever comes.
    private indirect enum Box: Sendable, Hashable {
        case facts(Facts)
    }

    private let box: Box

    private var facts: Facts {
        switch box {
        case .facts(let facts): facts
        }
    }

    private init(_ facts: Facts) {
        box = .facts(facts)
    }

    /// What kind of failure it is.
    public var reason: Reason { facts.reason }

    /// How far the work had come.
    public var step: Step { facts.step }

    /// The code: the server's if it sent one, otherwise the C library's.
    public var code: LDAPResultCode { facts.code }

    /// The server, as ``LDAPURL/description``.
    public var server: String { facts.server }

    /// What the server or the library said in addition; often empty.
    public var diagnostic: String { facts.diagnostic }

    /// Whether the request may have reached the server, so that repeating it could count twice.
    public var requestMayHaveBeenSent: Bool { facts.requestMayHaveBeenSent }

    /// How long it was waited for a connection that others were using; that part of the time says nothing of the server.
    public var waited: Duration { facts.waited }

    /// Whether the failure says nothing about the question and another server may be asked.
    ///
    /// False for what a repetition cannot change: a wrong request, a refused service account, unusable settings.
    /// A failed TLS handshake counts as an outage of that server.
    public var isOutage: Bool {
        switch reason {
        case .timedOut, .unreachable, .connectionLost, .tlsFailed, .startTLSRefused, .protocolViolation, .tooLarge,
            .closed:
            true
        case .serviceBindRefused: code.category == .outage
        case .cancelled, .invalidRequest, .misconfigured: false
        }
    }

    /// The failure in one line: server, step, what happened, code and what else was said.
    public var description: String {
        "\(server): \(step.rawValue): \(explanation)"
    }

    /// What happened, code and what else was said, for those who name server and step themselves.
    public var explanation: String {
        "\(summary), \(code)\(diagnostic.isEmpty ? "" : ": \(diagnostic)")"
    }

    private var summary: String {
        switch reason {
        case .timedOut: "no answer before the deadline"
        case .cancelled: "cancelled"
        case .unreachable: "no connection to the server"
        case .connectionLost: "the connection was lost"
        case .tlsFailed: "TLS failed (is the CA the right one, does the certificate carry this name and is it in date?)"
        case .startTLSRefused: "the server refused StartTLS, nothing was sent in clear text"
        case .serviceBindRefused: "the service account was refused"
        case .invalidRequest: "the request was not sent"
        case .protocolViolation: "the server sent something unexpected"
        case .tooLarge: "the server sent more than is taken for one question"
        case .closed: "the connection was closed by this side"
        case .misconfigured: "a setting cannot be used"
        }
    }

    /// Describes a failure.
    /// - Parameters:
    ///   - reason: What kind of failure it is.
    ///   - step: How far the work had come.
    ///   - code: The result code.
    ///   - server: The server's URL.
    ///   - diagnostic: What else is known; nothing secret.
    ///   - requestMayHaveBeenSent: Whether the server may have acted on the request.
    public init(
        _ reason: Reason,
        step: Step,
        code: LDAPResultCode,
        server: String,
        diagnostic: String = "",
        requestMayHaveBeenSent: Bool = false
    ) {
        let facts = Facts(
            reason: reason,
            step: step,
            code: code,
            server: server,
            diagnostic: diagnostic,
            requestMayHaveBeenSent: requestMayHaveBeenSent
        )
        box = .facts(facts)
    }

    /// The same failure of somebody who had waited for others before.
    func after(waiting: Duration) -> LDAPError {
        var facts = facts
        facts.waited += waiting
        return LDAPError(facts)
    }
}
