/// The form for the password of somebody who is known already.
public struct ReloginPage: Page {
    /// Where the form is sent.
    public var action: String
    /// Proves that the form is ours.
    public var csrf: String
    /// Where the person wanted to go, already checked; nil for nowhere special.
    public var next: String?
    /// Who it is.
    public var username: String
    /// Where the form that logs out is sent; nil leaves it out.
    public var logoutAction: String?

    /// Fills the form.
    /// - Parameters:
    ///   - action: Where the form is sent.
    ///   - csrf: Proves that the form is ours.
    ///   - next: Where the person wanted to go, already checked.
    ///   - username: Who it is.
    public init(action: String, csrf: String, next: String? = nil, username: String) {
        self.action = action
        self.csrf = csrf
        self.next = next
        self.username = username
    }

    /// The form for the password alone.
    public var template: PageTemplate { .relogin }

    /// “Confirm that it is you”.
    /// - Parameter phrases: The language.
    /// - Returns: The text.
    public func heading(_ phrases: Phrases) -> String { phrases.text("relogin_title") }

    /// What the template asks for.
    /// - Parameter phrases: The language.
    /// - Returns: Values by the names in the template.
    public func fields(_ phrases: Phrases) -> [String: Any] {
        var fields: [String: Any] = [
            "action": action, "csrf": csrf, "username": username, "explanation": phrases.text("relogin_text"),
        ]
        fields["next"] = next
        fields["logoutAction"] = logoutAction
        return fields
    }
}
