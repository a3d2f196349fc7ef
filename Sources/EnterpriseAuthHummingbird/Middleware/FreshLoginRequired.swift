internal import EnterpriseAuth
public import HTTPTypes
public import Hummingbird

/// Lets people pass who have given their password lately: Flask-Login's `fresh_login_required`.
///
/// Nobody is answered by `LoginContext.unauthorized(loginView:)`, an old login by
/// `LoginContext.needsRefresh(refreshView:)`. `CurrentUser.value` is bound as by `LoginRequired`.
public struct FreshLoginRequired<Context: LoginRequestContext>: RouterMiddleware {
    private let window: Duration?
    private let loginView: String?
    private let refreshView: String?
    private let exempt: Set<HTTPRequest.Method>

    /// Makes the guard.
    /// - Parameters:
    ///   - window: How long ago the password was given at most; nil means `[session] fresh_for`.
    ///   - loginView: Where people log in; nil means the view of the group or of the settings.
    ///   - refreshView: Where people give their password again; nil means the view of the group or of the settings.
    ///   - exempt: The methods that pass without a login.
    public init(
        within window: Duration? = nil,
        loginView: String? = nil,
        refreshView: String? = nil,
        exempt: Set<HTTPRequest.Method> = [.options]
    ) {
        self.window = window
        self.loginView = loginView
        self.refreshView = refreshView
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
        let login = context.login
        if let answer = try await login.obstacle(loginView: loginView) { return answer }
        let isFresh = if let window { try await login.isFresh(within: window) } else { try await login.isFresh() }
        guard isFresh else { return try await login.needsRefresh(refreshView: refreshView) }
        return try await CurrentUser.$value.withValue(try await login.user()) { try await next(request, context) }
    }
}
