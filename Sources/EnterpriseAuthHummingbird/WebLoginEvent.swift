public import EnterpriseAuth

/// What happens at the web door beyond the events of `LoginManager`: with those, the counterpart of Flask-Login's signals.
///
/// Logins, logouts and confirmations, what session protection does, and what is turned away as forged are events of the
/// manager.
public enum WebLoginEvent: Sendable {
    /// The user of a request was asked for; at most once a request.
    case accessed(any User)
    /// The request loader said whose a request is.
    case loadedFromRequest(any User)
    /// A request that needs a login had none.
    case unauthorized(path: String)
    /// A request that needs a fresh login had none.
    case needsRefresh(path: String)
}
