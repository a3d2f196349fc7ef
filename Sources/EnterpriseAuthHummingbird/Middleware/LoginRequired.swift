internal import EnterpriseAuth
public import HTTPTypes
public import Hummingbird

/// Lets logged-in people pass: Flask-Login's `login_required`.
///
/// Others are answered by `LoginContext.unauthorized(loginView:)`; people who are logged in and not active get 403. What
/// follows runs with `CurrentUser.value` bound to the user that was found; a login or logout there does not change that
/// value, so handlers that do either ask `context.login.user()`.
public struct LoginRequired<Context: LoginRequestContext>: RouterMiddleware {
    private let loginView: String?
    private let exempt: Set<HTTPRequest.Method>

    /// Makes the guard.
    /// - Parameters:
    ///   - loginView: Where people log in; nil means the view of the group or of the settings.
    ///   - exempt: The methods that pass without a login; preflight requests come without cookies (Fetch, section 3.3.2).
    public init(loginView: String? = nil, exempt: Set<HTTPRequest.Method> = [.options]) {
        self.loginView = loginView
        self.exempt = exempt
    }

    /// Handles a request.
    /// - Parameters:
    ///   - request: The request.
    ///   - context: Its context.
    ///   - next: What follows.
    /// - Returns: The answer of what follows, or the guard's.
    /// - Throws: What follows throws, or `LoginUnavailable`.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !exempt.contains(request.method) else { return try await next(request, context) }
        if let answer = try await context.login.obstacle(loginView: loginView) { return answer }
        return try await CurrentUser.$value.withValue(try await context.login.user()) {
            try await next(request, context)
        }
    }
}
