public import Hummingbird
internal import Synchronization

/// Gives a group of routes its own login and refresh views: Flask-Login's `blueprint_login_views`.
public struct LoginViews<Context: LoginRequestContext>: RouterMiddleware {
    private let login: String?
    /// Nil where the group keeps the refresh view that it has without this.
    private let refresh: String??

    /// Names the login view of a group, whose refresh view stays the application's.
    /// - Parameter login: Where people log in; nil means that the group answers 401.
    public init(login: String?) {
        self.login = login
        refresh = .none
    }

    /// Names the views of a group.
    /// - Parameters:
    ///   - login: Where people log in; nil means that the group answers 401.
    ///   - refresh: Where people give their password again; nil means that the group answers 401.
    public init(login: String?, refresh: String?) {
        self.login = login
        self.refresh = .some(refresh)
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
        let usual = context.login.views(try context.login.web)
        let views = LoginState.Views(login: login, refresh: refresh ?? usual.refresh)
        context.login.state.withLock { $0.views = views }
        return try await next(request, context)
    }
}
