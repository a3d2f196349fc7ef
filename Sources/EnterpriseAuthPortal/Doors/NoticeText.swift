internal import EnterpriseAuth
internal import PortalPages

/// What a login's source wants the person to know, in the person's language.
enum NoticeText {
    static func text(_ notice: CredentialNotice, _ phrases: Phrases) -> String {
        switch notice {
        case .expires(let time): phrases.text("password_expires", ["time": duration(time)])
        case .graceLogins(let count): phrases.text("grace_logins", ["count": "\(count)"])
        case .message(let text): text
        }
    }

    /// A time in its largest unit, written as everywhere: `3 d`, `5 h`, `12 min`.
    private static func duration(_ time: Duration) -> String {
        let seconds = time.components.seconds
        if seconds >= 86_400 { return "\(seconds / 86_400) d" }
        if seconds >= 3600 { return "\(seconds / 3600) h" }
        return "\(max(1, seconds / 60)) min"
    }
}
