public import HTTPTypes
public import Hummingbird
internal import Logging

/// The application asks for the login of a request that did not pass `LoginMiddleware`: 500, and nobody gets in.
public struct LoginSetupError: HTTPResponseError, CustomStringConvertible {
    /// 500 (RFC 9110 section 15.6.1).
    public var status: HTTPResponse.Status { .internalServerError }

    /// What is wrong, for the programmer.
    public var description: String {
        "this route is not behind LoginMiddleware: add it to the router before the routes that use context.login"
    }

    /// Builds the answer, and tells the programmer.
    /// - Parameters:
    ///   - request: Unused.
    ///   - context: Gets the log line.
    /// - Returns: An answer without content.
    public func response(from request: Request, context: some RequestContext) -> Response {
        context.logger.error("\(description)")
        return Response(status: status)
    }
}
