internal import EnterpriseAuth
internal import PortalPages

/// What a login's source wants the person to know, in the person's language.
enum NoticeText {
    static func text(_ notice: CredentialNotice, _ phrases: Phrases) -> String {
        switch notice {
        case .expires(let time): phrases.text("password_expires", ["time": duration(time, phrases)])
        case .graceLogins(let count): phrases.text("grace_logins", ["count": "\(count)"])
        case .message(let text): text
        }
    }

    /// A time in its largest unit: `3 days`, `5 hours`, `12 minutes`.
    private static func duration(_ time: Duration, _ phrases: Phrases) -> String {
        let seconds = time.components.seconds
        let (count, one, many) =
            switch seconds {
            case 86_400...: (seconds / 86_400, "one_day", "days")
            case 3600...: (seconds / 3600, "one_hour", "hours")
            default: (max(1, seconds / 60), "one_minute", "minutes")
            }
        return count == 1 ? phrases.text(one) : phrases.text(many, ["count": "\(count)"])
    }
}
