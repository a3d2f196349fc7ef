internal import EnterpriseAuth

/// What one request knows and has changed so far.
struct LoginState: Sendable {
    /// What is known of the visitor's cookie.
    enum VisitorState: Sendable {
        case unread
        case none
        case kept(Visitor)
    }

    /// The views of the group that the route belongs to.
    struct Views: Sendable {
        let login: String?
        let refresh: String?
    }

    /// What happens to the cookies at the end of the request.
    struct Cookies: Sendable, Equatable {
        var session = SetCookie.Change.none
        var remember = SetCookie.Change.none
        var device = SetCookie.Change.none
    }

    /// Counts logins and logouts, so that what was found before one is not taken for what holds after it.
    var generation = 0
    var client: SessionClient?
    /// The token that this request was given in the place of the one it came with.
    var issued: SessionToken?
    /// Whether a remembered login has opened that session, and no password.
    var isRestored = false
    /// Asks for the remembered login of the request; nil until somebody needs it.
    var restoration: Task<Resolution, Never>?
    /// What the request loader said; nil until it was asked.
    var requestLoad: RequestLoad?
    /// What the token stands for; nil until somebody asks.
    var resolution: Resolution?
    /// Who it is; nil until somebody asks.
    var user: (any User)?
    var cookies = Cookies()
    var visitor = VisitorState.unread
    var isVisitorChanged = false
    /// Whether the answer is for this person only.
    var isPersonal = false
    var clearsSiteData = false
    /// Where the person was going before the login, which ends the visitor.
    var next: NextTarget?
    var views: Views?

    /// Whether nothing has to be added to the answer.
    var isUntouched: Bool {
        cookies == Cookies() && !isPersonal && !isVisitorChanged && !clearsSiteData
    }

    /// Goes on with a new token; what was known of the old one holds no longer.
    mutating func adopt(_ token: SessionToken, user: (any User)?) {
        generation += 1
        isRestored = false
        take(token)
        resolution = nil
        self.user = user
    }

    /// Goes on with a session that the remembered login of the request has opened.
    mutating func restore(_ token: SessionToken, remember: SetCookie.Change) {
        isRestored = true
        take(token)
        cookies.remember = remember
    }

    private mutating func take(_ token: SessionToken) {
        issued = token
        cookies.session = .set(token.text, maximumAge: nil)
        isPersonal = true
    }
}
