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

    /// Counts logins and logouts, so that what was found before one is not taken for what holds after it.
    var generation = 0
    var client: SessionClient?
    /// The token that this request was given in the place of the one it came with.
    var issued: SessionToken?
    /// What the request loader said; nil until it was asked.
    var requestLoad: RequestLoad?
    /// What the token stands for; nil until somebody asks.
    var resolution: Resolution?
    /// Who it is; nil until somebody asks.
    var user: (any User)?
    var sessionChange = SetCookie.Change.none
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
        guard case .none = sessionChange else { return false }
        return !isPersonal && !isVisitorChanged && !clearsSiteData
    }

    /// Goes on with a new token; what was known of the old one holds no longer.
    mutating func adopt(_ token: SessionToken, user: (any User)?) {
        generation += 1
        issued = token
        resolution = nil
        self.user = user
        sessionChange = .set(token.text, maximumAge: nil)
        isPersonal = true
    }
}
