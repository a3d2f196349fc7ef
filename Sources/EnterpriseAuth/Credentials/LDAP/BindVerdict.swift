internal import LDAPClient

/// What a server's answer to a person's bind means; the table of result codes as one pure function.
enum BindVerdict: Sendable, Hashable {
    /// The password is right.
    case right([CredentialNotice])
    /// The password is right and of no use before it is changed.
    case rightButMustChange(PasswordChangeReason, detail: String)
    /// The server says no. For `.locked` the entry may tell more.
    case no(Refusal.Reason, detail: String)
    /// The answer is none: the set-up is wrong.
    case misconfigured(detail: String)
    /// The answer is none, and another server or a later moment may have one.
    case noAnswer(detail: String)

    /// Reads an answer.
    /// - Parameters:
    ///   - outcome: What the server answered; codes that stand for an outage do not come here.
    ///   - rules: Which kinds of account attributes the directory keeps, and so which server it is.
    init(_ outcome: LDAPBindOutcome, rules: [DirectoryConfiguration.AccountRule]) {
        let policy = outcome.passwordPolicy
        switch outcome.code {
        case .success:
            self = Self.success(policy)
        case .invalidCredentials:
            if policy?.problem == .passwordExpired {
                // Only a right password is told that it has expired, slapo-ppolicy(5).
                self = .rightButMustChange(.expired, detail: "the password has expired and no grace login is left")
            } else if policy?.problem == .accountLocked {
                self = .no(.locked, detail: "the account is locked, whatever the password")
            } else if rules.contains(.activeDirectory), let verdict = Self.activeDirectory(outcome.diagnostic) {
                self = verdict
            } else {
                self = .no(.wrongPassword, detail: "\(outcome.code)")
            }
        case .constraintViolation:
            self = .no(.locked, detail: "too many failures: \(outcome.code) \(outcome.diagnostic)")
        case .unwillingToPerform where rules.contains(.nsAccountLock):
            // 389-ds says so of a right and of a wrong password.
            self = .no(.disabled, detail: "the account is inactivated: \(outcome.code) \(outcome.diagnostic)")
        case .inappropriateAuthentication, .insufficientAccessRights:
            self = .no(.notPermitted, detail: "the server forbids it: \(outcome.code) \(outcome.diagnostic)")
        case .noSuchObject:
            // A search has just shown the entry: a copy that lags behind, or an account that may not be bound to.
            self = .noAnswer(detail: "the entry that a search found is not there: \(outcome.code)")
        case .invalidDNSyntax:
            self = .misconfigured(detail: "the server does not understand its own name: \(outcome.code)")
        default:
            self = .misconfigured(detail: "\(outcome.code) \(outcome.diagnostic)")
        }
    }

    private static func success(_ policy: PasswordPolicyResponse?) -> BindVerdict {
        switch policy?.problem {
        case .changeAfterReset?:
            return .rightButMustChange(.mustChange, detail: "the password was set by somebody else")
        case .accountLocked?:
            return .no(.locked, detail: "the server let the bind pass and calls the account locked")
        case .passwordExpired? where policy?.graceLoginsRemaining == nil:
            return .rightButMustChange(.expired, detail: "the password has expired")
        default:
            var notices: [CredentialNotice] = []
            if let seconds = policy?.secondsBeforeExpiration { notices.append(.expires(in: .seconds(seconds))) }
            if let remaining = policy?.graceLoginsRemaining { notices.append(.graceLogins(remaining: remaining)) }
            return .right(notices)
        }
    }

    /// Active Directory's sub-code, written `data 52e,` inside the diagnostic message.
    private static func activeDirectory(_ diagnostic: String) -> BindVerdict? {
        guard
            let code = diagnostic.firstRange(of: "data ").map({ diagnostic[$0.upperBound...] })?
                .prefix(while: { $0.isHexDigit })
        else { return nil }
        switch code {
        case "525": return .no(.unknownUser, detail: "no such user (data 525)")
        case "530": return .no(.notPermitted, detail: "not at this hour (data 530)")
        case "531": return .no(.notPermitted, detail: "not from this workstation (data 531)")
        case "532": return .rightButMustChange(.expired, detail: "the password has expired (data 532)")
        case "533": return .no(.disabled, detail: "the account is disabled (data 533)")
        case "701": return .no(.expired, detail: "the account has expired (data 701)")
        case "773": return .rightButMustChange(.mustChange, detail: "the password must be changed (data 773)")
        case "775": return .no(.locked, detail: "the account is locked (data 775)")
        default: return nil
        }
    }
}
