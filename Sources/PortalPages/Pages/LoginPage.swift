/// The form for user name and password.
public struct LoginPage: Page {
    /// Where the form is sent.
    public var action: String
    /// Proves that the form is ours.
    public var csrf: String
    /// Where the person wanted to go, already checked; nil for nowhere special.
    public var next: String?
    /// What the field for the name shows.
    public var username: String
    /// Whether a login can outlive the browser.
    public var canRemember: Bool
    /// Whether that is asked for.
    public var remember: Bool

    /// Fills the form.
    /// - Parameters:
    ///   - action: Where the form is sent.
    ///   - csrf: Proves that the form is ours.
    ///   - next: Where the person wanted to go, already checked.
    ///   - username: What the field for the name shows.
    ///   - canRemember: Whether a login can outlive the browser.
    ///   - remember: Whether that is asked for.
    public init(
        action: String,
        csrf: String,
        next: String? = nil,
        username: String = "",
        canRemember: Bool = false,
        remember: Bool = false
    ) {
        self.action = action
        self.csrf = csrf
        self.next = next
        self.username = username
        self.canRemember = canRemember
        self.remember = remember
    }

    /// The login form.
    public var template: PageTemplate { .login }

    /// “Log in”.
    /// - Parameter phrases: The language.
    /// - Returns: The text.
    public func heading(_ phrases: Phrases) -> String { phrases.text("log_in") }

    /// What the template asks for.
    /// - Parameter phrases: The language.
    /// - Returns: Values by the names in the template.
    public func fields(_ phrases: Phrases) -> [String: Any] {
        var fields: [String: Any] = [
            "action": action, "csrf": csrf, "username": username, "canRemember": canRemember, "remember": remember,
            "focusUsername": username.isEmpty, "focusPassword": !username.isEmpty,
        ]
        fields["next"] = next
        return fields
    }
}
