public import EnterpriseAuth
public import HTTPTypes

/// Tells whose a request is by the request itself, for clients without a session: Flask-Login's `request_loader`.
public struct RequestLoader: Sendable {
    /// When the loader is asked.
    public enum Precedence: Sendable {
        /// If there is no live session: no cookie, or one that is nobody's. A bad cookie never stops it.
        case afterSession
        /// Before the session. Credentials that are refused make the request nobody's, whatever session comes with it.
        case beforeSession
    }

    /// Asks.
    ///
    /// Gets the request's head, and the client it comes from.
    public typealias Load = @Sendable (HTTPRequest, SessionClient) async throws -> RequestLoad

    /// When it is asked.
    public let precedence: Precedence

    /// What `WWW-Authenticate` says where a request is nobody's and a browser is not sent to a login view, such as
    /// `Bearer`.
    public let challenge: String?

    let load: Load

    /// Makes a loader of a closure.
    /// - Parameters:
    ///   - precedence: When it is asked.
    ///   - challenge: What `WWW-Authenticate` says (RFC 9110 section 11.6.1).
    ///   - load: Asks; what it throws is an outage.
    public init(precedence: Precedence = .afterSession, challenge: String? = nil, _ load: @escaping Load) {
        self.precedence = precedence
        self.challenge = challenge
        self.load = load
    }

    func ask(_ request: HTTPRequest, _ client: SessionClient) async -> RequestLoad {
        do {
            return try await load(request, client)
        } catch let outage as Outage {
            return .unavailable(outage)
        } catch {
            return .unavailable(Outage(.internal, source: "request loader", step: "load", detail: "\(error)"))
        }
    }
}
