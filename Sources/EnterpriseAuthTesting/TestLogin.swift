public import EnterpriseAuth

/// Logs users in for the tests of a web application, without any of its pages.
///
/// It is the manager's own `login(_:force:fresh:client:)`: nothing is switched off, and whatever protection the sessions
/// have is the one that the application has.
public struct TestLogin: Sendable {
    /// The session's token as the value of the request header `Cookie`.
    public let cookie: String

    /// The session as it began.
    public let session: Session

    /// Begins a session.
    /// - Parameters:
    ///   - user: Whose.
    ///   - manager: The application's manager.
    ///   - isFresh: Whether the password counts as just given.
    ///   - name: The name of the session's cookie.
    ///   - client: The client that the test's requests come from: the same User-Agent and address.
    /// - Throws: `ConformanceFailure` if the manager refuses, or could not say.
    public init(
        _ user: any User,
        _ manager: LoginManager,
        fresh isFresh: Bool = true,
        cookie name: String = SessionConfiguration().cookie.name,
        client: SessionClient = SessionClient()
    ) async throws {
        let result = await manager.login(user, fresh: isFresh, client: client)
        guard case .success(let success) = result else {
            throw ConformanceFailure("no session for \(user.id?.rawValue ?? "an anonymous user"): \(result)")
        }
        cookie = "\(name)=\(success.token.text)"
        session = success.session
    }
}
