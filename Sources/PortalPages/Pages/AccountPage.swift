/// Who one is, and where one is logged in.
public struct AccountPage: Page {
    /// One session in a list, or one login that outlives its sessions.
    public struct Session: Sendable, Equatable {
        /// Names it in the form.
        public var id: String
        /// What is known of browser and system.
        public var device: String?
        /// When it began, for people.
        public var begin: String
        /// When it was last used, for people.
        public var seen: String
        /// Where it was opened from.
        public var address: String?
        /// Whether it is the one that shows the page, or the one that that came from.
        public var isCurrent = false
        /// Whether it came from a login that outlives the browser.
        public var isRemembered = false

        /// Describes a session.
        /// - Parameters:
        ///   - id: Names it in the form.
        ///   - begin: When it began, for people.
        ///   - seen: When it was last used, for people.
        public init(id: String, begin: String, seen: String) {
            self.id = id
            self.begin = begin
            self.seen = seen
        }
    }

    /// Proves that the forms are ours.
    public var csrf: String
    /// Where the forms that end sessions are sent.
    public var endAction: String
    /// Where the form that logs out is sent.
    public var logoutAction: String
    /// The name that logs in.
    public var loginName: String
    /// The person's name.
    public var name: String?
    /// The person's mail address.
    public var email: String?
    /// The names of the person's groups.
    public var groups: [String] = []
    /// The person's sessions.
    public var sessions: [Session] = []
    /// The person's logins that outlive the browser.
    public var remembered: [Session] = []

    /// Fills the page.
    /// - Parameters:
    ///   - csrf: Proves that the forms are ours.
    ///   - endAction: Where the forms that end sessions are sent.
    ///   - logoutAction: Where the form that logs out is sent.
    ///   - loginName: The name that logs in.
    public init(csrf: String, endAction: String, logoutAction: String, loginName: String) {
        self.csrf = csrf
        self.endAction = endAction
        self.logoutAction = logoutAction
        self.loginName = loginName
    }

    /// The account page.
    public var template: PageTemplate { .account }

    /// “Your account”.
    /// - Parameter phrases: The language.
    /// - Returns: The text.
    public func heading(_ phrases: Phrases) -> String { phrases.text("account_title") }

    /// What the template asks for.
    /// - Parameter phrases: The language.
    /// - Returns: Values by the names in the template.
    public func fields(_ phrases: Phrases) -> [String: Any] {
        var fields: [String: Any] = [
            "csrf": csrf, "endAction": endAction, "logoutAction": logoutAction, "loginName": loginName,
            "groups": groups.joined(separator: ", "), "sessions": sessions.map { Self.fields($0, phrases) },
            "hasOthers": (sessions + remembered).contains { !$0.isCurrent },
            "hasRemembered": !remembered.isEmpty, "rememberedLogins": remembered.map { Self.fields($0, phrases) },
        ]
        fields["name"] = name
        fields["email"] = email
        fields["groupNames"] = groups
        return fields
    }

    private static func fields(_ session: Session, _ phrases: Phrases) -> [String: Any] {
        let device = session.device ?? phrases.text("unknown_device")
        let values = [
            "begin": session.begin, "seen": session.seen, "address": session.address ?? "", "device": device,
        ]
        return [
            "id": session.id, "device": device, "isCurrent": session.isCurrent, "isRemembered": session.isRemembered,
            "facts": phrases.text(session.address == nil ? "session_facts" : "session_facts_from", values),
            "endLabel": phrases.text("end_session_label", values),
        ]
    }
}
