internal import LDAPClient

/// Reads the state of an account out of the attributes that a directory keeps for it.
///
/// Which attributes count is the configuration's `account_rules`; a value that cannot be read bars the account, because
/// it was put there to bar it.
struct AccountRules: Sendable, Hashable {
    /// When the state is read.
    enum Moment: Sendable, Hashable {
        /// Without the password: a live session, `explain`. All attributes count.
        case atAnyTime
        /// Just after a bind, whose answer knows better about failures counted and passwords reset.
        case afterBind
    }

    private typealias Rule = DirectoryConfiguration.AccountRule

    private let rules: [DirectoryConfiguration.AccountRule]

    init(_ rules: [DirectoryConfiguration.AccountRule]) {
        self.rules = rules
    }

    /// The attributes that must be asked for by name, most of them operational.
    var attributes: [String] {
        rules.flatMap { rule -> [String] in
            switch rule {
            case .passwordPolicy:
                [
                    "pwdAccountLockedTime", "pwdAccountTmpLockoutEnd", "pwdReset", "pwdChangedTime", "pwdStartTime",
                    "pwdEndTime", "pwdPolicySubentry", "pwdGraceUseTime",
                ]
            case .shadow:
                ["shadowExpire", "shadowLastChange", "shadowMax", "shadowInactive"]
            case .activeDirectory:
                ["userAccountControl", "msDS-User-Account-Control-Computed", "accountExpires", "pwdLastSet"]
            case .nsAccountLock:
                ["nsAccountLock", "pwdUpdateTime"]
            case .kerberos:
                ["krbPasswordExpiration", "krbPrincipalExpiration", "krbLastPwdChange"]
            }
        }
    }

    /// A text that changes when the password does, from the first attribute that shows it.
    func passwordVersion(of entry: LDAPEntry) -> String? {
        for rule in rules {
            let attribute =
                switch rule {
                case .passwordPolicy: "pwdChangedTime"
                case .shadow: "shadowLastChange"
                case .activeDirectory: "pwdLastSet"
                case .nsAccountLock: "pwdUpdateTime"
                case .kerberos: "krbLastPwdChange"
                }
            if let value = entry.first(attribute) { return value }
        }
        return nil
    }

    /// The DN of the entry's own password policy, if a lock might have run out under it.
    func policyToRead(for entry: LDAPEntry) -> String? {
        guard rules.contains(.passwordPolicy), let locked = entry.first("pwdAccountLockedTime"),
            locked != PasswordPolicyAttributes.lockedForEver
        else { return nil }
        return entry.first("pwdPolicySubentry")
    }

    /// Reads the state.
    /// - Parameters:
    ///   - entry: The person's entry with `attributes`.
    ///   - now: Milliseconds since 1970.
    ///   - moment: When the state is read.
    ///   - lockoutDuration: `pwdLockoutDuration` of the entry's policy; nil or zero if a lock does not run out.
    /// - Returns: The gravest state that any rule finds.
    func state(
        of entry: LDAPEntry,
        now: Int64,
        moment: Moment,
        lockoutDuration: Duration? = nil
    ) -> AccountState {
        rules.reduce(.good) { state, rule in
            let found: AccountState =
                switch rule {
                case .passwordPolicy:
                    PasswordPolicyAttributes(entry: entry, now: now, lockoutDuration: lockoutDuration).state(moment)
                case .shadow: ShadowAttributes(entry: entry, now: now).state
                case .activeDirectory: ActiveDirectoryAttributes(entry: entry, now: now).state
                case .nsAccountLock: Self.nsAccountLock(entry)
                case .kerberos: Self.kerberos(entry, now: now)
                }
            return state.orWorse(found)
        }
    }

    /// 389-ds and FreeIPA: an administrator switched the account off.
    private static func nsAccountLock(_ entry: LDAPEntry) -> AccountState {
        guard let value = entry.first("nsAccountLock"), value.lowercased() != "false" else { return .good }
        return .barred(.disabled, detail: "nsAccountLock is \(value)")
    }

    /// FreeIPA: a bind with an expired password succeeds, so the client must compare.
    private static func kerberos(_ entry: LDAPEntry, now: Int64) -> AccountState {
        var state = AccountState.good
        if let value = entry.first("krbPrincipalExpiration") {
            guard let time = GeneralizedTime.milliseconds(value) else {
                return unreadable("krbPrincipalExpiration", value)
            }
            if time <= now { state = .barred(.expired, detail: "krbPrincipalExpiration \(value) is past") }
        }
        if let value = entry.first("krbPasswordExpiration") {
            guard let time = GeneralizedTime.milliseconds(value) else {
                return unreadable("krbPasswordExpiration", value)
            }
            if time <= now {
                let detail = "krbPasswordExpiration \(value) is past"
                state = state.orWorse(.passwordChangeRequired(.expired, detail: detail))
            }
        }
        return state
    }

    /// What an attribute says that should hold a time or a number and does not.
    static func unreadable(_ attribute: String, _ value: String) -> AccountState {
        .barred(.disabled, detail: "\(attribute) holds “\(value)”, which cannot be read")
    }
}
