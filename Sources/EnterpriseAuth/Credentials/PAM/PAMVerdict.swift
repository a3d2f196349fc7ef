internal import PAMClient

/// What a stack's answer to a password means for a login: no module's number may be taken for more than it says.
///
/// The meanings are those of pam_authenticate(3) and pam_acct_mgmt(3), read with what modules really answer. In doubt a
/// no is a wrong password, because only that is counted as a guess, and everything that nobody foresaw is an outage.
enum PAMVerdict: Hashable {
    /// The password is right and the account may be used.
    case right
    /// The password is right and must be changed first.
    case mustChange
    /// A no.
    case refused(Refusal.Reason, String)
    /// No answer; the number is the PAM status that says so.
    case unavailable(Outage.Kind, Int32?, String)

    /// Judges a password check.
    /// - Parameter finding: What the worker found out.
    init(password finding: PAMFinding) {
        let result = finding.result
        if case .unavailable(let code) = finding.typed {
            self = .unavailable(.unreachable, nil, "the user database gave no answer (errno \(code))")
            return
        }
        // Whatever the stack says of a stranger, it was not given the password that was typed.
        if finding.typed == .unknown {
            let isOutage = result.interruption == nil && result.authentication.flatMap(Self.outage) != nil
            self = isOutage ? Self.authentication(result) : .refused(.unknownUser, "the user database has no such name")
            return
        }
        if let interruption = result.interruption {
            self = Self.interrupted(interruption)
            return
        }
        let first = Self.authentication(result)
        guard first == .right || first == .mustChange else {
            self = first
            return
        }
        switch Self.account(result) {
        case .right: self = first
        case let second: self = second
        }
    }

    private static func interrupted(_ interruption: PAMConversation.Interruption) -> PAMVerdict {
        switch interruption {
        case .aborted: .unavailable(.internal, nil, "the conversation was broken off")
        case .malformed: .unavailable(.misconfigured, nil, "a PAM module asked without sense")
        case .unsupportedStyle(let style):
            .unavailable(.misconfigured, nil, "a PAM module asked in style \(style), which no person can answer")
        }
    }

    private static func authentication(_ result: PAMCheckResult) -> PAMVerdict {
        guard let status = result.authentication else {
            return .unavailable(.internal, nil, "pam_authenticate was not called")
        }
        let text = "pam_authenticate: \(status)"
        switch status {
        // A stack that is content without the password (pam_rootok in a worker of root, pam_permit) lets everybody in
        // as anybody: its yes says nothing about the person.
        case .success where !result.askedPassword, .newPasswordRequired where !result.askedPassword:
            return .unavailable(
                .misconfigured,
                status.rawValue,
                "\(text), although no module asked for the password; see which of its auth lines is satisfied without one"
            )
        case .success: return .right
        case .newPasswordRequired: return .mustChange
        case .authenticationError, .userUnknown: return .refused(.wrongPassword, text)
        case .maximumTries: return .refused(.locked, text)
        // A lock (pam_faillock) if the password was not even asked for. Else perhaps a wrong password: that is what
        // libpam makes of a stack of "sufficient" modules of which none was satisfied.
        case .permissionDenied where result.askedPassword: return .refused(.wrongPassword, text)
        case .permissionDenied: return .refused(.locked, text)
        case .accountExpired, .credentialsExpired, .passwordExpired: return .refused(.expired, text)
        default: return .unavailable(outage(status) ?? .internal, status.rawValue, text)
        }
    }

    private static func account(_ result: PAMCheckResult) -> PAMVerdict {
        guard let status = result.account else { return .unavailable(.internal, nil, "pam_acct_mgmt was not called") }
        let text = "pam_acct_mgmt: \(status)"
        switch status {
        case .success: return .right
        case .newPasswordRequired: return .mustChange
        case .accountExpired, .credentialsExpired, .passwordExpired: return .refused(.expired, text)
        case .permissionDenied, .authenticationError, .maximumTries: return .refused(.notPermitted, text)
        // The password was right a moment ago: this is what pam_sss says while its daemon is down.
        case .userUnknown: return .unavailable(.unreachable, status.rawValue, text)
        default: return .unavailable(outage(status) ?? .internal, status.rawValue, text)
        }
    }

    /// Which outage a status stands for; nil for an answer.
    private static func outage(_ status: PAMStatus) -> Outage.Kind? {
        switch status {
        case .authenticationUnavailable: .unreachable
        case .credentialsInsufficient, .openError, .symbolError, .serviceError, .moduleUnknown, .abort, .badItem:
            .misconfigured
        case .systemError, .bufferError: .internal
        default: nil
        }
    }
}

extension PAMVerdict {
    /// Judges a look at an account without a password, for a live session.
    /// - Parameters:
    ///   - finding: What the worker found out.
    ///   - uid: The number that the person had at the login; nil for a person of a directory.
    /// - Returns: `.right` if the account still stands; `.refused(.locked, …)` if it is locked for a while.
    static func recheck(_ finding: PAMFinding, uid: UInt32?) -> PAMVerdict {
        if let uid {
            switch finding.typed {
            case .unavailable(let code):
                return .unavailable(.unreachable, nil, "the user database gave no answer (errno \(code))")
            case .unknown, .notAsked: return .refused(.unknownUser, "the user database has no such name any more")
            case .known(_, let now) where now != uid:
                return .refused(.notPermitted, "the name belongs to uid \(now) now and not to \(uid)")
            case .known: break
            }
        }
        if let interruption = finding.result.interruption { return interrupted(interruption) }
        switch account(finding.result) {
        // A password that has aged is asked for at the next login; it does not end what has begun.
        case .mustChange: return .right
        case .refused where finding.result.account == .maximumTries:
            return .refused(.locked, "pam_acct_mgmt: \(PAMStatus.maximumTries)")
        case let verdict: return verdict
        }
    }
}

extension PAMVerdict {
    /// The verdict in one word, for a trace.
    var word: String {
        switch self {
        case .right: "ok"
        case .mustChange: "password_change_required"
        case .refused(let reason, _): reason.rawValue
        case .unavailable: "unavailable"
        }
    }

    /// Why, for the operator.
    var detail: String {
        switch self {
        case .right: ""
        case .mustChange: "the password must be changed"
        case .refused(_, let detail), .unavailable(_, _, let detail): detail
        }
    }
}
