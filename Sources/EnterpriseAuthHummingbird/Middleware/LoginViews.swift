public import Hummingbird
internal import Synchronization

/// Gives a group of routes its own login and refresh views: Flask-Login's `blueprint_login_views`.
public struct LoginViews<Context: LoginRequestContext>: RouterMiddleware {
    private let views: LoginState.Views

    /// Names the views of a group.
    /// - Parameters:
    ///   - login: Where people log in; nil means that the group answers 401.
    ///   - refresh: Where people give their password again; nil means that the group answers 401.
    public init(login: String?, refresh: String? = nil) {
        views = LoginState.Views(login: login, refresh: refresh)
    }

    /// Handles a request.
    /// - Parameters:
    ///   - request: The request.
    ///   - context: Its context.
    ///   - next: What follows.
    /// - Returns: The answer of what follows.
    /// - Throws: What follows throws.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        _ = try context.login.web
        context.login.state.withLock { $0.views = views }
        return try await next(request, context)
    }
}
