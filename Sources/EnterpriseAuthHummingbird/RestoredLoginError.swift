public import HTTPTypes
public import Hummingbird

/// What went wrong in a request that has brought a remembered login back.
///
/// Its token is good once, so the browser must get the next one even where the request comes to nothing: an answer without
/// it would make the next visit look like that of a thief.
public struct RestoredLoginError: HTTPResponseError {
    /// What went wrong.
    public let underlying: any Error

    /// The cookies of the login that was brought back.
    public let headers: HTTPFields

    /// The status of an error that nobody made an answer of.
    public var status: HTTPResponse.Status { .internalServerError }

    /// Makes the answer.
    /// - Parameters:
    ///   - request: The request.
    ///   - context: Its context.
    /// - Returns: 500 with the cookies, and nothing of the error.
    public func response(from request: Request, context: some RequestContext) -> Response {
        Response(status: status, headers: headers)
    }
}
