/// The templates of the pages.
public enum PageTemplate: String, Sendable, CaseIterable {
    /// The form for user name and password.
    case login
    /// The form for the password of somebody who is known.
    case relogin
    /// What a login asks besides the password.
    case challenge
    /// Who one is, and where one is logged in.
    case account
    /// A text, and perhaps a way on.
    case message

    /// Whether it is a page to read, and not a form or a message in the middle of the window.
    var isWide: Bool { self == .account }

    var text: [UInt8] {
        switch self {
        case .login: PackageResources.login_mustache
        case .relogin: PackageResources.relogin_mustache
        case .challenge: PackageResources.challenge_mustache
        case .account: PackageResources.account_mustache
        case .message: PackageResources.message_mustache
        }
    }
}
