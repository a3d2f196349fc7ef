internal import EnterpriseAuth
public import Hummingbird

/// Gives every request its `context.login`, and every answer the cookies that follow from it.
///
/// Add it before everything that asks who somebody is. A request whose login nobody asks for costs next to nothing and
/// its answer is not touched. Answers that set a session cookie, or depend on one that came, are not to be stored
/// (`Cache-Control: no-store`, OWASP ASVS 14.3.2).
///
/// An error that is an answer (`HTTPResponseError`) is turned into that answer here, so that it too gets the cookies. Any
/// other error passes; a session that began in that request ends, because nobody has its token. If the request has brought
/// a remembered login back, whose token is good once, the error passes inside a `RestoredLoginError`.
public struct LoginMiddleware<Context: LoginRequestContext>: RouterMiddleware {
    private let web: WebLogin

    /// Makes the middleware of a layer.
    /// - Parameter web: The layer.
    public init(_ web: WebLogin) {
        self.web = web
    }

    /// Handles a request.
    /// - Parameters:
    ///   - request: The request.
    ///   - context: Its context, whose `loginContext` is filled in for what follows.
    ///   - next: What follows.
    /// - Returns: The answer of what follows, with cookies.
    /// - Throws: What follows throws, unless it is an answer.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // Twice in one chain is once.
        if context.loginContext?.isOf(web) == true { return try await next(request, context) }
        var context = context
        let login = LoginContext(web: web, head: request.head, peer: context.remoteAddress, logger: context.logger)
        context.loginContext = login
        var response: Response
        do {
            do {
                response = try await next(request, context)
            } catch let error as any HTTPResponseError {
                response = try error.response(from: request, context: context)
            }
        } catch {
            if login.isRestored {
                var answer = Response(status: .internalServerError)
                login.finish(&answer, web)
                throw RestoredLoginError(underlying: error, headers: answer.headers)
            }
            await login.abandon(web)
            throw error
        }
        await login.renewToken(web)
        login.finish(&response, web)
        return response
    }
}
