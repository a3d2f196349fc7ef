/// What the attributes of an entry say of the account, without the password.
public enum AccountState: Sendable, Hashable {
    /// Nothing speaks against it.
    case good

    /// The account may be used, but not with this password.
    case passwordChangeRequired(PasswordChangeReason, detail: String)

    /// Locked after too many failures: no new login, live sessions go on.
    case temporarilyLocked(detail: String)

    /// It may not be used: `.disabled`, `.expired` or `.locked`.
    case barred(Refusal.Reason, detail: String)

    /// How much the state takes away; of several the gravest counts.
    private var gravity: Int {
        switch self {
        case .good: 0
        case .passwordChangeRequired: 1
        case .temporarilyLocked: 2
        case .barred(.expired, _): 3
        case .barred: 4
        }
    }

    /// One line for the operator; empty if all is well.
    public var detail: String {
        switch self {
        case .good: ""
        case .passwordChangeRequired(_, let detail), .temporarilyLocked(let detail), .barred(_, let detail): detail
        }
    }

    /// One word for the operator.
    public var name: String {
        switch self {
        case .good: "ok"
        case .passwordChangeRequired: "password_change_required"
        case .temporarilyLocked: "temporarily_locked"
        case .barred(let reason, _): reason.rawValue
        }
    }

    /// The graver of two states.
    /// - Parameter other: The other state.
    /// - Returns: Whichever takes more away, this one if both take the same.
    func orWorse(_ other: AccountState) -> AccountState {
        other.gravity > gravity ? other : self
    }
}
