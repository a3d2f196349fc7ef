internal import LDAPClient

extension Outage {
    /// Says in our words why a server gave no answer.
    /// - Parameters:
    ///   - error: What the connection said.
    ///   - source: The configured name of the directory.
    ///   - isOverload: Whether our own limits were the cause.
    init(_ error: LDAPError, source: String, isOverload: Bool = false) {
        let kind: Kind =
            switch error.reason {
            case .timedOut: isOverload ? .overloaded : .timeout
            case .cancelled: .cancelled
            case .unreachable, .connectionLost, .closed, .protocolViolation: .unreachable
            case .tlsFailed, .startTLSRefused: .tls
            case .serviceBindRefused: error.code.category == .outage ? .busy : .misconfigured
            case .invalidRequest, .tooLarge, .misconfigured: .misconfigured
            }
        self.init(
            kind,
            source: source,
            server: error.server,
            step: error.step.rawValue,
            code: Int(error.code.rawValue),
            detail: Self.detail(error, isOverload: isOverload)
        )
    }

    private static func detail(_ error: LDAPError, isOverload: Bool) -> String {
        if isOverload {
            let waited = Int(error.waited.milliseconds)
            return "\(waited) ms went by while all our connections were in use (pool.user_connections): "
                + error.explanation
        }
        return error.explanation
    }

    /// Says what a result code that answers nothing means.
    /// - Parameters:
    ///   - code: A code whose category is not `.answer`.
    ///   - diagnostic: What the server said in addition.
    ///   - source: The configured name of the directory.
    ///   - server: The server.
    ///   - step: What was asked.
    init(code: LDAPResultCode, diagnostic: String, source: String, server: String, step: String) {
        let hint =
            switch code {
            case .referral: "the server sent us elsewhere, and referrals are never followed"
            case .sizeLimitExceeded: "the server cut the list at its size limit"
            case .insufficientAccessRights: "the service account may not do this"
            case .strongerAuthRequired, .confidentialityRequired: "the server wants TLS or another way to bind"
            case .noSuchObject: "there is no such base, or the service account may not see it"
            case .busy, .unavailable: "the server cannot answer now"
            default: "the server gave no answer"
            }
        self.init(
            code.category == .outage ? .busy : .misconfigured,
            source: source,
            server: server,
            step: step,
            code: Int(code.rawValue),
            detail: "\(hint): \(code)\(diagnostic.isEmpty ? "" : ", \(diagnostic)")"
        )
    }
}
