internal import LDAPClient

/// The shadow attributes of RFC 2307, which are days since 1970 (shadow(5)).
///
/// The server does not look at them, so a bind succeeds for an account that ended long ago.
struct ShadowAttributes {
    /// What tools write for "never".
    private static let never = 99_999

    let entry: LDAPEntry
    let now: Int64

    private var today: Int {
        Int((Double(now) / 86_400_000).rounded(.down))
    }

    var state: AccountState {
        do throws(Unreadable) {
            return try expiry.orWorse(passwordAge)
        } catch {
            return AccountRules.unreadable(error.attribute, error.value)
        }
    }

    private struct Unreadable: Error {
        let attribute: String
        let value: String
    }

    private var expiry: AccountState {
        get throws(Unreadable) {
            // -1 and an absent value mean never; zero should not be used, says shadow(5), and is long past.
            guard let expire = try number("shadowExpire"), expire >= 0, today >= expire else { return .good }
            return .barred(.expired, detail: "the account ended: shadowExpire is day \(expire), today is \(today)")
        }
    }

    private var passwordAge: AccountState {
        get throws(Unreadable) {
            guard let changed = try number("shadowLastChange"), changed >= 0 else { return .good }
            if changed == 0 { return .passwordChangeRequired(.mustChange, detail: "shadowLastChange is 0") }
            guard changed <= today, let most = try number("shadowMax"), most >= 0, most < Self.never,
                changed + most < today
            else { return .good }
            let detail = "the password is older than shadowMax \(most) days (changed on day \(changed))"
            if let inactive = try number("shadowInactive"), inactive >= 0, changed + most + inactive < today {
                return .barred(.expired, detail: "\(detail) and the \(inactive) days of shadowInactive are over")
            }
            return .passwordChangeRequired(.expired, detail: detail)
        }
    }

    private func number(_ attribute: String) throws(Unreadable) -> Int? {
        guard let text = entry.first(attribute) else { return nil }
        guard let number = Int32(text) else { throw Unreadable(attribute: attribute, value: text) }
        return Int(number)
    }
}
