public import EnterpriseAuth

/// What a request loader found in a request.
public enum RequestLoad: Sendable {
    /// The request shows no credentials of this kind.
    case nothing

    /// It is this user's request, and this request only: nothing is remembered.
    case user(any User)

    /// It shows credentials and they are not right. The request is nobody's; the answer names the challenge.
    case refused

    /// Nobody can say now.
    case unavailable(Outage)
}
