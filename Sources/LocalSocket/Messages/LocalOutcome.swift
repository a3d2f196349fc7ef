/// How a request ended; the same words for every request.
public enum LocalOutcome: String, Codable, Sendable, Equatable {
    /// Yes, or done.
    case success
    /// The login asks for more than a password; go on with `answer` over the same connection.
    case challenge
    /// The password is right and must be changed first.
    case passwordChangeRequired = "password_change_required"
    /// No.
    case refused
    /// Nobody could say, or there is no room now; trying again may help.
    case unavailable
    /// The configuration is wrong.
    case misconfigured
    /// The request is none that can be understood; the connection ends.
    case invalidRequest = "invalid_request"
}
